using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.Network;

public class NetworkEnvironmentTests
{
    [Fact]
    public void Variance_RandomUtilisations_IsMeanOfSquaresMinusSquareOfMean() => RandomNetwork.ForAll((network, stream) =>
    {
        double[] capacities = network.Topology.Capacities.ToArray(), loads = [.. capacities.Select(c => c * stream.NextDouble(0, 2))];
        double[] u = [.. loads.Zip(capacities, (load, capacity) => load / capacity)];
        double phi = ObjectiveFunction.Variance(loads, capacities);
        phi.ShouldBeGreaterThanOrEqualTo(0);
        phi.ShouldBe(u.Average(x => x * x) - u.Average() * u.Average(), 1e-12);
        Objective.Variance.Evaluate(loads, capacities).ShouldBe(phi);
        Objective.MaxLoad.Evaluate(loads, capacities).ShouldBe(loads.Max());
        Objective.MaxUtilisation.Evaluate(loads, capacities).ShouldBe(u.Max());
    });

    [Theory]
    [InlineData(WeightChange.Add, 3, 2, 5)]
    [InlineData(WeightChange.Subtract, 3, 2, 1)]
    [InlineData(WeightChange.Multiply, 3, 1.25, 3.75)]
    [InlineData(WeightChange.Divide, 3, 1.5, 2)]
    [InlineData(WeightChange.Keep, 3, 7, 3)]
    public void Apply_EveryChange_DoesWhatItSays(WeightChange change, double weight, double value, double expected) =>
        new WeightAction(change, value).Apply(weight).ShouldBe(expected);

    [Theory]
    [InlineData(WeightChange.Add, 4, 2, 1)]
    [InlineData(WeightChange.Subtract, 4, 2, 1)]
    [InlineData(WeightChange.Multiply, 16, 2, 2)]
    [InlineData(WeightChange.Divide, 16, 2, 2)]
    [InlineData(WeightChange.Keep, 7, 3, 7)]
    [InlineData(WeightChange.Multiply, 1.25, 0, 1.25)]
    [InlineData(WeightChange.Add, 65536, int.MaxValue, 1)]
    public void Halved_OfASum_IsHalfAndOfAFactorItsRoot(WeightChange change, double value, int times, double expected) =>
        new WeightAction(change, value).Halved(times).ShouldBe(new WeightAction(change, expected));

    [Fact]
    public void PublishedActions_InOrder_AreGrowAndKeep() =>
        ChannelWeights.PublishedActions.Select(action => action.Apply(4)).ShouldBe([5, 4]);

    [Fact]
    public void Draw_Range_IsUniformOverItsIntegersAndRepeatable()
    {
        Topology topology = TopologyLibrary.Get("geant2009");
        double[] weights = ChannelWeights.Draw(topology, 2, 4, new RandomStream(1, "initial-weights"));
        weights.Distinct().Order().ShouldBe([2, 3, 4]);
        weights.ShouldBe(ChannelWeights.Draw(topology, 2, 4, new RandomStream(1, "initial-weights")));
        weights.ShouldNotBe(ChannelWeights.Draw(topology, 2, 4, new RandomStream(2, "initial-weights")));
        ChannelWeights.Draw(topology, 1, 1, new RandomStream(1, "initial-weights")).ShouldBe(ChannelWeights.Uniform(topology));
    }

    [Fact]
    public void Step_ThenReset_GoesBackToTheStart()
    {
        NetworkEnvironment environment = Environment();
        (double ecmp, double[] loads) = (environment.Phi, environment.Loads.ToArray());

        environment.Step([0.01, 1, 1, 0.01, 1, 1, 0.01, 1]).ShouldNotBe(ecmp);
        environment.Weights[3].ShouldBe(0.01);
        environment.Reset().ShouldBe(ecmp);

        environment.Loads.ToArray().ShouldBe(loads);
        environment.Weights.ToArray().ShouldAllBe(weight => weight == 1);
        environment.Utilisation.ToArray()
            .ShouldBe(loads.Zip(environment.Scenario.Topology.Capacities.ToArray(), (load, capacity) => load / capacity));
        Should.Throw<ArgumentException>(() => environment.Step([1]));
    }

    [Fact]
    public void Step_LinksOutOfANodeWeighNothing_LosesTheFlowsThatStartThere()
    {
        // Shortest hops: nothing passes through node 1 but flows 2 ↔ 3, which may also take node 4.
        Topology topology = TopologyLibrary.Get("4-node");
        ActiveFlow[] flows = [.. FlowRouterTests.AllPairs(topology).Where(flow => flow.End != new NodeId(0))];
        var environment = new NetworkEnvironment(new NetworkScenario(
            topology, new FlowRouter(topology, flows, new ShortestHopPathCalculator(topology))));

        environment.Step([0, 0, 1, 0, 1, 0, 1, 1]);

        environment.Unroutable.ShouldBe(3);
        environment.Loads.ToArray().ShouldBe([0, 0, LoadBetween(2, 4) + LoadBetween(2, 3), 0, LoadBetween(3, 4) + LoadBetween(3, 2), 0,
            LoadBetween(4, 2) + LoadBetween(3, 2), LoadBetween(4, 3) + LoadBetween(2, 3)]);

        double LoadBetween(int from, int to) => flows.Single(flow => flow.Start.Index == from - 1 && flow.End.Index == to - 1).Rate;
    }

    internal static NetworkEnvironment Environment()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        return new NetworkEnvironment(new NetworkScenario(
            topology, new FlowRouter(topology, FlowRouterTests.AllPairs(topology), new DagPathCalculator(topology))));
    }
}
