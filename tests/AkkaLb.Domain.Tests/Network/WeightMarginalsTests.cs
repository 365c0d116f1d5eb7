using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Tests.Shared;

namespace AkkaLb.Domain.Tests.Network;

public class WeightMarginalsTests
{
    private static readonly double[] Factors = [1.25, 0.8, 1, 7];

    [Fact]
    public void Compute_RandomNetworks_EqualsRoutingAnew() => RandomNetwork.ForAll((network, stream) =>
    {
        foreach (IPathCalculator paths in new IPathCalculator[]
            { new DagPathCalculator(network.Topology), new ShortestHopPathCalculator(network.Topology) })
        {
            var scenario = new NetworkScenario(network.Topology, new FlowRouter(network.Topology, network.Flows.ActiveAt(2), paths));
            ShouldEqualRouting(scenario, network.Weights);
            ShouldEqualRouting(scenario, RandomNetwork.CreateWeights(stream, network.Topology));
        }
    }, tests: 30);

    [Theory]
    [InlineData(8, FlowHash.Dx)]
    [InlineData(9, FlowHash.Dx)]
    [InlineData(3, FlowHash.Proportional)]
    public void Compute_ManyCandidatesOrAnotherHash_EqualsRoutingAnew(int parallelLinks, FlowHash hash)
    {
        Link[] links = [.. Enumerable.Range(0, parallelLinks).SelectMany(key => new[]
            { new Link(new NodeId(0), new NodeId(1), 10, key), new Link(new NodeId(1), new NodeId(2), 10, key) })];
        var topology = new Topology("t", ["a", "b", "c"], links);
        ActiveFlow[] flows = [.. Enumerable.Range(0, 200).Select(
            i => new ActiveFlow(new FlowId($"flow {i}"), new NodeId(0), new NodeId(2), 1 + i))];
        var router = new FlowRouter(topology, flows, new ShortestHopPathCalculator(topology), hash);
        ShouldEqualRouting(new NetworkScenario(topology, router), RandomNetwork.CreateWeights(new RandomStream(9, "weights"), topology));
    }

    [Fact]
    public void Compute_AfterTheFirstTime_DoesNotAllocate()
    {
        Topology topology = TopologyLibrary.Get("abilene");
        ActiveFlow[] flows = [.. Enumerable.Range(0, 100).Select(
            i => new ActiveFlow(new FlowId($"{i}"), new NodeId(i % 3), new NodeId(3 + i % 4), 1e6))];
        var marginals = new WeightMarginals(
            new NetworkScenario(topology, new FlowRouter(topology, flows, new DagPathCalculator(topology))), Factors);
        double[] weights = ChannelWeights.Uniform(topology), values = new double[topology.LinkCount * Factors.Length];
        marginals.Compute(weights, values);

        Allocations.Of(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                weights[i] *= 1.25;
                marginals.Compute(weights, values);
            }
        }).ShouldBe(0);
    }

    private static void ShouldEqualRouting(NetworkScenario scenario, double[] weights)
    {
        int links = scenario.Topology.LinkCount;
        var values = new double[links * Factors.Length];
        var environment = new NetworkEnvironment(scenario);
        double here = new WeightMarginals(scenario, Factors).Compute(weights, values);
        here.ShouldBe(environment.Step(weights), 1e-12 * (1 + here));
        for (int link = 0; link < links; link++)
        {
            for (int f = 0; f < Factors.Length; f++)
            {
                double[] changed = [.. weights];
                changed[link] *= Factors[f];
                double expected = environment.Step(changed);
                values[link * Factors.Length + f].ShouldBe(expected, 1e-12 * (1 + expected));
            }
        }
    }
}
