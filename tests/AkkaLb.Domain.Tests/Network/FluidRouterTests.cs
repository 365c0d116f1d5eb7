using System.Globalization;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Tests.Shared;

namespace AkkaLb.Domain.Tests.Network;

public class FluidRouterTests
{
    [Fact]
    public void Route_RandomNetworks_EqualsFollowingEveryDemandAlone() => ForAll((network, model, demands) =>
    {
        Topology topology = network.Topology;
        IPathCalculator paths = new RoutingRule(model).Paths(topology);
        double[] loads = Route(topology, demands, paths, network.Weights), expected = new double[topology.LinkCount];
        foreach (Demand demand in demands)
        {
            Follow(topology, paths, network.Weights, demand, demand.From, null, demand.Rate, expected);
        }

        Near(loads, expected);
    });

    [Fact]
    public void Route_RandomNetworks_FlowIsConservedAtEveryNode() => ForAll((network, model, demands) =>
    {
        Topology topology = network.Topology;
        double[] loads = Route(topology, demands, new RoutingRule(model).Paths(topology), network.Weights);
        for (int node = 0; node < topology.NodeCount; node++)
        {
            NodeId at = new(node);
            double input = topology.InLinks(at).ToArray().Sum(link => loads[link]) + demands.Where(d => d.From == at).Sum(d => d.Rate);
            double output = topology.OutLinks(at).ToArray().Sum(link => loads[link]) + demands.Where(d => d.To == at).Sum(d => d.Rate);
            output.ShouldBe(input, 1e-6);
        }
    });

    [Fact]
    public void Route_RandomNetworks_IsLinearInDemandsAndKnowsNoScaleOfWeights() => ForAll((network, model, demands) =>
    {
        Topology topology = network.Topology;
        IPathCalculator paths = new RoutingRule(model).Paths(topology);
        double[] loads = Route(topology, demands, paths, network.Weights);
        Demand[] first = [.. demands.Take(demands.Length / 2)], second = [.. demands.Skip(demands.Length / 2)];
        double[] a = Route(topology, first, paths, network.Weights), b = Route(topology, second, paths, network.Weights);

        Near(loads, [.. a.Zip(b, (x, y) => x + y)]);
        Near(Route(topology, [.. demands.Select(d => d with { Rate = 3 * d.Rate })], paths, network.Weights),
            [.. loads.Select(x => 3 * x)]);
        Near(Route(topology, demands, paths, [.. network.Weights.Select(w => 5 * w)]), loads);
    });

    [Fact]
    public void Route_OspfRouter_IsTheSameWithEvenSplits() => RandomNetwork.ForAll((network, stream) =>
    {
        Topology topology = network.Topology;
        double[] metrics = [.. topology.Links.Select(_ => 1.0 + stream.NextInt32(4))];
        Demand[] demands = Demands(network);
        double[] loads = new double[topology.LinkCount];
        new OspfRouter(topology, demands).Route(metrics, loads);

        Near(loads, Route(topology, demands, new IgpPathCalculator(topology, metrics), ChannelWeights.Uniform(topology)));
    });

    /// <summary>Two ways from s to t, of which the first is the shorter by very little.</summary>
    [Theory]
    [InlineData(1e9, 1, 2)]
    [InlineData(1000, 0.000001, 0.000002)]
    [InlineData(16_777_214, 1, 2)]
    public void NextHops_IgpMetricsThatHardlyDiffer_TakeTheShorterWay(double far, double first, double second)
    {
        (int From, int To, double Metric)[] edges = [(0, 1, first), (0, 2, second), (1, 3, far), (2, 3, far)];
        Topology topology = new("t", ["s", "a", "b", "t"], [.. edges.Select(edge =>
            new Link(new NodeId(edge.From), new NodeId(edge.To), 1, Metric: edge.Metric))]);
        new IgpPathCalculator(topology).NextHops(new NodeId(0), null, new NodeId(0), new NodeId(3)).ShouldBe([new LinkId(0)]);
    }

    /// <summary>Metrics of inverse capacities are at most the highest that a file may have.</summary>
    [Fact]
    public void NextHops_IgpOfCapacitiesFarApart_FindThePath()
    {
        Topology topology = new("t", ["a", "b", "c"],
            [new Link(new NodeId(0), new NodeId(1), 1e16), new Link(new NodeId(1), new NodeId(2), 1)]);
        new IgpPathCalculator(topology).NextHops(new NodeId(0), null, new NodeId(0), new NodeId(2)).ShouldBe([new LinkId(0)]);
    }

    /// <summary>A chain whose first metric is so small that a distance of the others may not change by it.</summary>
    [Theory]
    [InlineData(4.3e-6, true)]
    [InlineData(4.2e-6, false)]
    [InlineData(1e-6, false)]
    public void MetricsOf_TooFarApartForTheirSums_AreRefusedByName(double first, bool accepted)
    {
        const int nodes = 20;
        Topology chain = new("chain", [.. Enumerable.Range(0, nodes).Select(node => $"n{node}")], [.. Enumerable.Range(0, nodes - 1).Select(
            node => new Link(new NodeId(node), new NodeId(node + 1), 1e9, Metric: node == 0 ? first : 1e9))]);
        double[] loads = new double[chain.LinkCount];
        int Route() => new FluidRouter(
            chain, [new Demand(new NodeId(0), new NodeId(nodes - 1), 8)], new IgpPathCalculator(chain)).Route(
            ChannelWeights.Uniform(chain), loads);
        if (accepted)
        {
            Route().ShouldBe(0);
            new OspfRouter(chain, [new Demand(new NodeId(0), new NodeId(nodes - 1), 8)]).Route(IgpPathCalculator.MetricsOf(chain), loads);
            loads.ShouldAllBe(load => load == 8);
            return;
        }
        string message = Should.Throw<InvalidInputException>(() => Route()).Message;
        message.ShouldStartWith($"chain: link n0 → n1 has weight {first.ToString("R", CultureInfo.InvariantCulture)} and link n1 → n2 1");
        message.ShouldContain("expected metrics that are at most 2.4E+14 times apart for 20 nodes");
    }

    [Fact]
    public void NextHops_Igp_AreThoseOfAllLightestPaths() => RandomNetwork.ForAll((network, _) =>
    {
        Topology topology = network.Topology;
        double[] metrics = IgpPathCalculator.MetricsOf(topology);
        double[,] distances = FloydWarshall(topology, metrics);
        var paths = new IgpPathCalculator(topology);
        for (int at = 0; at < topology.NodeCount; at++)
        {
            for (int to = 0; to < topology.NodeCount; to++)
            {
                if (at != to)
                {
                    LinkId[] expected = [.. topology.OutLinks(new NodeId(at)).ToArray()
                        .Where(link => Math.Abs(metrics[link] + distances[topology.Links[link].To.Index, to] - distances[at, to])
                            <= 1e-9 * distances[at, to]).Select(link => new LinkId(link))];
                    paths.NextHops(new NodeId(at), null, new NodeId(at), new NodeId(to)).ShouldBe(expected);
                }
            }
        }
    });

    [Fact]
    public void Route_WeightOfZero_TakesNoTrafficAndCutsOffWhatNeedsIt()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        var router = new FluidRouter(
            topology, [new Demand(new NodeId(0), new NodeId(3), 8)], new ShortestHopPathCalculator(topology));
        double[] weights = ChannelWeights.Uniform(topology), loads = new double[topology.LinkCount];
        weights[topology.FindLink("1", "2")!.Value.Index] = 0;

        router.Route(weights, loads).ShouldBe(0);
        loads[topology.FindLink("1", "3")!.Value.Index].ShouldBe(8);
        loads[topology.FindLink("3", "4")!.Value.Index].ShouldBe(8);

        weights[topology.FindLink("3", "4")!.Value.Index] = 0;
        router.Route(weights, loads).ShouldBe(1);
        loads.ShouldAllBe(load => load == 0);
    }

    [Fact]
    public void Constructor_NoPath_IsRefusedUnlessAllowed()
    {
        var oneWay = new Topology("t", ["a", "b"], [new Link(new NodeId(0), new NodeId(1), 1)]);
        Demand[] demands = [new Demand(new NodeId(1), new NodeId(0), 1)];

        Should.Throw<InvalidInputException>(() => new FluidRouter(oneWay, demands, new ShortestHopPathCalculator(oneWay))).Message.ShouldBe(
            "t: shortest routing has no path from \"b\" to \"a\", between which there is a demand");
        new FluidRouter(oneWay, demands, new ShortestHopPathCalculator(oneWay), allowDisconnected: true)
            .Route([1], new double[1]).ShouldBe(1);
    }

    [Fact]
    public void Route_Again_AllocatesNothing()
    {
        Topology topology = TopologyLibrary.Get("geant2009");
        Demand[] demands = [.. Enumerable.Range(1, topology.NodeCount - 1).Select(
            node => new Demand(new NodeId(0), new NodeId(node), node))];
        var router = new FluidRouter(topology, demands, new ShortestHopPathCalculator(topology));
        double[] weights = ChannelWeights.Uniform(topology), loads = new double[topology.LinkCount];
        router.Route(weights, loads);

        Allocations.Of(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                router.Route(weights, loads);
            }
        }).ShouldBe(0);
    }

    private static void ForAll(Action<RandomNetwork, RoutingModel, Demand[]> property) => RandomNetwork.ForAll(
        (network, stream) => property(network, (RoutingModel)stream.NextInt32(3), Demands(network)));

    private static Demand[] Demands(RandomNetwork network) =>
        [.. network.Flows.Flows.Select(flow => new Demand(flow.Start, flow.End, flow.Rates[0].BitsPerSecond))];

    private static double[] Route(Topology topology, Demand[] demands, IPathCalculator paths, double[] weights)
    {
        var loads = new double[topology.LinkCount];
        new FluidRouter(topology, demands, paths).Route(weights, loads).ShouldBe(0);
        return loads;
    }

    /// <summary>The definition: what is at a node is split among its candidates in proportion to their weights, and each part goes
    /// on.</summary>
    private static void Follow(
        Topology topology, IPathCalculator paths, double[] weights, Demand demand, NodeId at, NodeId? previous, double rate, double[] loads)
    {
        if (at == demand.To)
        {
            return;
        }

        IReadOnlyList<LinkId> hops = paths.NextHops(at, previous, demand.From, demand.To);
        foreach (LinkId hop in hops)
        {
            double part = rate * weights[hop.Index] / hops.Sum(other => weights[other.Index]);
            loads[hop.Index] += part;
            Follow(topology, paths, weights, demand, topology.Links[hop.Index].To, at, part, loads);
        }
    }

    private static double[,] FloydWarshall(Topology topology, double[] metrics)
    {
        int nodes = topology.NodeCount;
        var distances = new double[nodes, nodes];
        for (int a = 0; a < nodes; a++)
        {
            for (int b = 0; b < nodes; b++)
            {
                distances[a, b] = a == b ? 0 : double.PositiveInfinity;
            }
        }

        foreach ((int i, Link link) in topology.Links.Index())
        {
            ref double direct = ref distances[link.From.Index, link.To.Index];
            direct = Math.Min(direct, metrics[i]);
        }

        for (int k = 0; k < nodes; k++)
        {
            for (int a = 0; a < nodes; a++)
            {
                for (int b = 0; b < nodes; b++)
                {
                    distances[a, b] = Math.Min(distances[a, b], distances[a, k] + distances[k, b]);
                }
            }
        }

        return distances;
    }

    private static void Near(double[] actual, double[] expected)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            actual[i].ShouldBe(expected[i], 1e-9 * Math.Max(1, expected.Sum()));
        }
    }
}
