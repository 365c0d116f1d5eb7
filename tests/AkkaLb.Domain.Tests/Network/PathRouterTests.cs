using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

public class PathRouterTests
{
    private static readonly Topology Square = KShortestPathsTests.Square();
    private static readonly NodeId A = new(0), D = new(3);

    private static (double Phi, double[] Loads) Route(PathRouter router, params double[] weights)
    {
        double[] loads = new double[Square.LinkCount];
        router.Route(weights, loads).ShouldBe(0);
        return (ObjectiveFunction.Variance(loads, Square.Capacities), loads);
    }

    private static double At(double[] loads, string from, string to) => loads[Square.FindLink(from, to)!.Value.Index];

    [Fact]
    public void Route_DemandOnTwoPaths_IsAsByHand()
    {
        PathRouter router = new(Square, [new Demand(A, D, 6)], 2);
        router.WeightCount.ShouldBe(2);

        // 2 over b, 4 over c: utilisations 0.2 on four of ten links, so that Φ = 0.4 · 0.04 − 0.08².
        (double phi, double[] loads) = Route(router, 1, 2);
        (At(loads, "a", "b"), At(loads, "b", "d"), At(loads, "a", "c"), At(loads, "c", "d")).ShouldBe((2, 2, 4, 4));
        loads.Sum().ShouldBe(12);
        phi.ShouldBe(0.0096, 1e-12);

        // 3 and 3: 0.3, 0.3, 0.15, 0.15.
        Route(router, 5, 5).Phi.ShouldBe((2 * 0.09 + 2 * 0.0225) / 10 - 0.09 * 0.09, 1e-12);
    }

    [Fact]
    public void Route_ALongerPath_GetsItsShare()
    {
        // Over the rung too: a–b carries 1/4 + 1/2, b–c the half.
        PathRouter router = new(Square, [new Demand(A, D, 4)], 3);
        double[] loads = Route(router, 1, 1, 2).Loads;
        (At(loads, "a", "b"), At(loads, "b", "d"), At(loads, "a", "c"), At(loads, "c", "d"), At(loads, "b", "c")).ShouldBe((3, 1, 1, 3, 2));
    }

    [Fact]
    public void Route_OnePathOfEach_IsThatOfTheUniqueIgpPaths()
    {
        // Not b to c, for which there are two of the same length.
        Demand[] demands = [new Demand(A, D, 4), new Demand(D, A, 1)];
        PathRouter router = new(Square, demands, 1);
        double[] expected = new double[Square.LinkCount];
        new FluidRouter(Square, demands, new IgpPathCalculator(Square)).Route(ChannelWeights.Uniform(Square), expected);
        Route(router, 1, 1).Loads.ShouldBe(expected);
    }

    [Fact]
    public void Route_ManyFlows_AreSharedInProportionAndMoveOnlyToWhatGrows()
    {
        ActiveFlow[] flows = [.. Enumerable.Range(0, 20_000).Select(k => new ActiveFlow(new FlowId($"{k}"), A, D, 1))];
        PathRouter router = new(Square, flows, 3);
        router.Splitting.ShouldBe("hash proportional");
        double[] loads = Route(router, 1, 2, 1).Loads;
        // b–d has the first path alone, a–c the second, b–c the third.
        (At(loads, "b", "d") / flows.Length).ShouldBe(0.25, 0.015);
        (At(loads, "a", "c") / flows.Length).ShouldBe(0.5, 0.015);
        (At(loads, "b", "c") / flows.Length).ShouldBe(0.25, 0.015);
        double[] grown = Route(router, 1, 2, 2).Loads;
        At(grown, "b", "d").ShouldBeLessThanOrEqualTo(At(loads, "b", "d"));
        At(grown, "a", "c").ShouldBeLessThanOrEqualTo(At(loads, "a", "c"));
        (At(grown, "b", "c") / flows.Length).ShouldBe(0.4, 0.015);
    }

    [Fact]
    public void Route_NoWeightAboveZero_HasNoPath()
    {
        PathRouter router = new(Square, [new Demand(A, D, 6), new Demand(D, A, 1)], 2);
        double[] loads = new double[Square.LinkCount];
        router.Route([0, 0, 1, 1], loads).ShouldBe(1);
        loads.Sum().ShouldBe(2);
    }

    [Fact]
    public void Create_WithoutAPath_IsRefusedOrCounted()
    {
        Topology apart = new("apart", ["a", "b"], [new Link(new NodeId(1), new NodeId(0), 1)]);
        Demand[] demands = [new Demand(new NodeId(0), new NodeId(1), 1)];
        Should.Throw<InvalidInputException>(() => new PathRouter(apart, demands, 2)).Message.ShouldContain("no path from \"a\" to \"b\"");
        new PathRouter(apart, demands, 2, allowDisconnected: true).Route([], new double[1]).ShouldBe(1);
    }

    [Fact]
    public void Create_Cancelled_EndsBetweenTwoPairs() => Should.Throw<OperationCanceledException>(
        () => new PathRouter(Square, [new Demand(A, D, 6)], 2, cancellation: new CancellationToken(canceled: true)));

    [Fact]
    public void GeneticSearch_NoTraffic_HasNoWeights()
    {
        var scenario = new NetworkScenario(Square, new PathRouter(Square, Array.Empty<Demand>(), 2));
        SearchResult result = new GeneticSearch(scenario, new GeneticOptions { Population = 4, Iterations = 3 }).Run();
        (result.Weights.Count, result.Phi, result.BestByIteration.Count).ShouldBe((0, 0, 4));
    }

    [Fact]
    public void GeneticSearch_OfPathWeights_FindsTheBestSplit()
    {
        PathRouter router = new(Square, [new Demand(A, D, 6)], 2);
        SearchResult Search(int threads) => new GeneticSearch(
            new NetworkScenario(Square, router),
            new GeneticOptions { Population = 20, Iterations = 30, Seed = 1, Threads = threads }).Run();
        SearchResult result = Search(1);
        // With x over b: Φ = 0.0024 x² − 0.0072 x + 0.0144, least at x = 1.5, a quarter.
        (result.Weights[1] / result.Weights[0]).ShouldBe(3, 0.1);
        result.Phi.ShouldBe(0.009, 1e-6);
        Search(2).Weights.ShouldBe(result.Weights);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PathSearch_OfRandomNetworks_IsNeverWorseThanTheShortestPathsAndSaysWhatItsWeightsGive(bool hashed) =>
        RandomNetwork.ForAll(
            (network, _) =>
            {
                ActiveFlow[] flows = [.. network.Flows.ActiveAt(0)];
                PathRouter router = hashed ? new PathRouter(network.Topology, flows, 3)
                    : new PathRouter(network.Topology, [.. flows.Select(flow => new Demand(flow.Start, flow.End, flow.Rate))], 3);
                NetworkScenario scenario = new(network.Topology, router);
                SearchResult result = PathSearch.Run(scenario, 1500, seed: 1);

                double[] loads = new double[network.Topology.LinkCount];
                router.Route([.. result.Weights], loads);
                result.Phi.ShouldBe(scenario.Evaluate(loads));
                result.Phi.ShouldBeLessThanOrEqualTo(result.BestByIteration[0] * (1 + 1e-9));
                router.Pairs.Where(pair => pair.Count > 0).ShouldAllBe(
                    pair => result.Weights.Skip(pair.First).Take(pair.Count).Sum() == PathSearch.Units);
                PathSearch.Run(scenario, 1500, seed: 1).Weights.ShouldBe(result.Weights);
            },
            tests: 15);

    [Fact]
    public void PathSearch_OfOneDemand_FindsTheBestSplit()
    {
        PathRouter router = new(Square, [new Demand(A, D, 6)], 2);
        SearchResult result = PathSearch.Run(new NetworkScenario(Square, router), 500, seed: 1);
        result.Weights.ShouldBe([16, 48]);
        result.Phi.ShouldBe(0.009, 1e-12);
    }
}
