using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Tests.Shared;

namespace AkkaLb.Domain.Tests.Network;

public class FlowRouterTests
{
    [Fact]
    public void Constructor_MoreFlowsThanAProportionalHashHasRoomFor_IsRefused()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        RendezvousHash.HasRoomFor(31_250_000, topology).ShouldBeTrue();
        Should.Throw<InvalidInputException>(() => RendezvousHash.Variates(topology, new ManyFlows(31_250_001), "")).Message.ShouldBe(
            "4-node: found 31250001 flows on 8 links, expected at most 31250000 for a proportional hash: split them as fluids");
    }

    [Fact]
    public void Constructor_MoreFlowsThanTheReferenceHashHasRoomFor_IsRefused()
    {
        var topology = new Topology(
            "t", ["a", "b"], [.. Enumerable.Range(0, 200).Select(key => new Link(new NodeId(0), new NodeId(1), 10, key))]);
        var graph = new RoutingGraph(topology, new ShortestHopPathCalculator(topology), [(new NodeId(0), new NodeId(1))]);
        Should.Throw<InvalidInputException>(() => new DxTables(topology, graph, new ManyFlows(60_000), "")).Message.ShouldBe(
            "t: found 60000 flows with up to 200 candidate links each, expected at most 53687 for the hash dx: take the proportional one, "
            + "or split them as fluids");
    }

    [Fact]
    public void Constructor_PathLongerThanTheStackIsDeep_IsRouted()
    {
        const int Nodes = 2_000;
        var topology = new Topology(
            "line", [.. Enumerable.Range(0, Nodes).Select(node => $"{node}")],
            [.. Enumerable.Range(0, Nodes - 1).Select(node => new Link(new NodeId(node), new NodeId(node + 1), 10, 0))]);
        var paths = new ShortestHopPathCalculator(topology);
        int hops = 0;
        // With a small stack a short line, whose distances are soon found, does what a long one does with the usual one.
        var thread = new Thread(
            () => hops = new RoutingGraph(topology, paths, [(new NodeId(0), new NodeId(Nodes - 1))]).MaxHops, maxStackSize: 128 << 10);
        thread.Start();
        thread.Join();
        hops.ShouldBe(Nodes - 1);
    }

    [Fact]
    public void Route_RandomNetworks_AgreesWithTheNaiveRouter() => RandomNetwork.ForAll((network, stream) =>
    {
        foreach (IPathCalculator paths in new IPathCalculator[]
            { new DagPathCalculator(network.Topology), new ShortestHopPathCalculator(network.Topology) })
        {
            IReadOnlyList<ActiveFlow> flows = network.Flows.ActiveAt(2);
            var router = new FlowRouter(network.Topology, flows, paths);
            var naive = new NaiveRouter(network.Topology, paths);
            double[] weights = [.. network.Weights], loads = new double[network.Topology.LinkCount];
            for (int round = 0; round < 3; round++)
            {
                (double[] expected, int unroutable) = naive.Route(flows, weights);
                router.Route(weights, loads).ShouldBe(unroutable);
                loads.ShouldBe(expected);

                // Some weights 0 or below: those links are out, and some flows may be lost.
                weights[stream.NextInt32(weights.Length)] = -stream.NextInt32(2);
            }
        }
    }, tests: 60);

    // One comparison decides up to 8 draws; with more candidates, draws are made one by one.
    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(17)]
    public void Route_ManyCandidates_AgreesWithTheNaiveRouter(int parallelLinks)
    {
        Link[] links = [.. Enumerable.Range(0, parallelLinks).SelectMany(key => new[]
            { new Link(new NodeId(0), new NodeId(1), 10, key), new Link(new NodeId(1), new NodeId(2), 10, key) })];
        var topology = new Topology("t", ["a", "b", "c"], links);
        var paths = new ShortestHopPathCalculator(topology);
        ActiveFlow[] flows = [.. Enumerable.Range(0, 300).Select(
            i => new ActiveFlow(new FlowId($"flow {i}"), new NodeId(0), new NodeId(2), 1 + i))];
        var router = new FlowRouter(topology, flows, paths);
        var stream = new RandomStream(9, "weights");
        var loads = new double[topology.LinkCount];
        for (int round = 0; round < 20; round++)
        {
            double[] weights = RandomNetwork.CreateWeights(stream, topology);
            weights[stream.NextInt32(weights.Length)] = 0;
            (double[] expected, int unroutable) = new NaiveRouter(topology, paths).Route(flows, weights);
            router.Route(weights, loads).ShouldBe(unroutable);
            loads.ShouldBe(expected);
        }
    }

    // x < w / max w is strict and decided in full precision: one unit in the last place of a weight tips it.
    [Fact]
    public void PathOf_WeightAtTheHashValue_IsTakenOnlyAboveIt()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        var id = new FlowId("abc");
        var keys = new int[1];
        DxHash.Keys(id, "", keys);
        double hash = DxHash.Crc(keys[0]) / 4294967296.0;
        var router = new FlowRouter(
            topology, [new ActiveFlow(id, new NodeId(0), new NodeId(3), 1)], new ShortestHopPathCalculator(topology));
        int drawn = keys[0] % 2;

        FirstLink(hash).ShouldBe(1 - drawn);
        FirstLink(Math.BitIncrement(hash)).ShouldBe(drawn);
        FirstLink(Math.BitDecrement(hash)).ShouldBe(1 - drawn);

        int FirstLink(double weight)
        {
            double[] weights = ChannelWeights.Uniform(topology);
            weights[drawn] = weight;
            var loads = new double[topology.LinkCount];
            router.Route(weights, loads);
            int first = router.PathOf(0, weights)[0].Index;
            loads[first].ShouldBe(1);
            return first;
        }
    }

    [Theory]
    [InlineData(FlowHash.Dx)]
    [InlineData(FlowHash.Proportional)]
    public void Route_RandomNetworks_ConservesFlowAtEveryNode(FlowHash hash) => RandomNetwork.ForAll((network, _) =>
    {
        (Topology topology, IReadOnlyList<ActiveFlow> flows) = (network.Topology, network.Flows.ActiveAt(0));
        var loads = new double[topology.LinkCount];
        new FlowRouter(topology, flows, new DagPathCalculator(topology), hash).Route(network.Weights, loads).ShouldBe(0);
        for (int index = 0; index < topology.NodeCount; index++)
        {
            var node = new NodeId(index);
            double entering = topology.InLinks(node).ToArray().Sum(link => loads[link])
                + flows.Where(flow => flow.Start == node).Sum(flow => flow.Rate);
            double leaving = topology.OutLinks(node).ToArray().Sum(link => loads[link])
                + flows.Where(flow => flow.End == node).Sum(flow => flow.Rate);
            entering.ShouldBe(leaving, 1e-6 * (1 + entering));
        }
    });

    [Theory]
    [InlineData(FlowHash.Dx)]
    [InlineData(FlowHash.Proportional)]
    public void Route_WeightsOfANodeScaled_ChangesNothing(FlowHash hash) => RandomNetwork.ForAll((network, stream) =>
    {
        var router = new FlowRouter(network.Topology, network.Flows.ActiveAt(0), new DagPathCalculator(network.Topology), hash);
        double[] before = new double[network.Topology.LinkCount], after = new double[network.Topology.LinkCount];
        router.Route(network.Weights, before);

        // Powers of two: the ratios stay the same to the last bit.
        double factor = Math.Pow(2, stream.NextInt32(40) - 20);
        double[] scaled = [.. network.Weights];
        foreach (int link in network.Topology.OutLinks(new NodeId(stream.NextInt32(network.Topology.NodeCount))))
        {
            scaled[link] *= factor;
        }

        router.Route(scaled, after);
        after.ShouldBe(before);
    });

    [Theory]
    [InlineData(FlowHash.Dx)]
    [InlineData(FlowHash.Proportional)]
    public void PathOf_EveryFlow_LeadsFromStartToEndAndAddsUpToTheLoads(FlowHash hash) => RandomNetwork.ForAll((network, _) =>
    {
        (Topology topology, IReadOnlyList<ActiveFlow> flows) = (network.Topology, network.Flows.ActiveAt(0));
        var router = new FlowRouter(topology, flows, new DagPathCalculator(topology), hash);
        double[] loads = new double[topology.LinkCount], added = new double[topology.LinkCount];
        router.Route(network.Weights, loads);
        for (int flow = 0; flow < flows.Count; flow++)
        {
            NodeId at = flows[flow].Start;
            var visited = new HashSet<NodeId> { at };
            IReadOnlyList<LinkId> path = router.PathOf(flow, network.Weights);
            path.Count.ShouldBeInRange(1, router.MaxHops);
            foreach (LinkId link in path)
            {
                topology.Links[link.Index].From.ShouldBe(at);
                at = topology.Links[link.Index].To;
                visited.Add(at).ShouldBeTrue("the path visits a node twice");
                added[link.Index] += flows[flow].Rate;
            }

            at.ShouldBe(flows[flow].End);
        }

        added.ShouldBe(loads);
    });

    [Theory]
    [InlineData("4-node", 20, 2, 4)]
    [InlineData("abilene", 126, 5, 21)]
    [InlineData("symm16", 1395, 7, 175)]
    [InlineData("geant2009", 9920, 19, 600)]
    public void DagRouting_AllPairsOfAPublishedTopology_HasThePublishedStates(string name, int states, int longest, int pairsWithAChoice)
    {
        Topology topology = TopologyLibrary.Get(name);
        var paths = new DagPathCalculator(topology);
        ActiveFlow[] flows = AllPairs(topology);

        // The router's preparation walks every reachable state and refuses circles and pairs without a path.
        var router = new FlowRouter(topology, flows, paths);

        router.ReachableStates.ShouldBe(states);
        router.MaxHops.ShouldBe(longest);
        flows.Count(flow => paths.NextHops(flow.Start, null, flow.Start, flow.End).Count > 1).ShouldBe(pairsWithAChoice);
        var loads = new double[topology.LinkCount];
        var stream = new RandomStream(1, "weights");
        for (int i = 0; i < 20; i++)
        {
            router.Route(RandomNetwork.CreateWeights(stream, topology), loads).ShouldBe(0, "a dead end");
        }
    }

    [Fact]
    public void Route_ProportionalHash_SharesFlowsByWeight()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        ActiveFlow[] flows = [.. Enumerable.Range(0, 20_000).Select(
            i => new ActiveFlow(new FlowId($"{i}"), new NodeId(0), new NodeId(3), 1))];
        var router = new FlowRouter(topology, flows, new ShortestHopPathCalculator(topology), FlowHash.Proportional);
        double[] weights = [3, 1, 1, 1, 1, 1, 1, 1], loads = new double[8];

        router.Route(weights, loads);

        (loads[0] / flows.Length).ShouldBe(0.75, 0.015);
        (loads[1] / flows.Length).ShouldBe(0.25, 0.015);
    }

    [Fact]
    public void Route_ProportionalHashOneWeightGrows_FlowsMoveOnlyToThatLink()
    {
        Topology topology = TopologyLibrary.Get("symm16");
        ActiveFlow[] flows = [.. Enumerable.Range(0, 50).SelectMany(copy => AllPairs(topology).Select(
            flow => flow with { Id = new FlowId($"{flow.Id.Value}-{copy}") }))];
        var router = new FlowRouter(topology, flows, new ShortestHopPathCalculator(topology), FlowHash.Proportional);
        double[] weights = ChannelWeights.Uniform(topology);
        double[] more = [.. weights];
        var grown = new LinkId(3);
        more[grown.Index] = 2;

        IReadOnlyList<LinkId>[] moved = [.. Enumerable.Range(0, router.Flows.Count)
            .Where(flow => !router.PathOf(flow, weights).SequenceEqual(router.PathOf(flow, more)))
            .Select(flow => router.PathOf(flow, more))];
        moved.Length.ShouldBeGreaterThan(2);
        moved.ShouldAllBe(path => path.Contains(grown));
    }

    [Fact]
    public void Router_TrafficFromANodeToItself_IsRefused()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        Should.Throw<ArgumentException>(
            () => new FluidRouter(topology, [new Demand(new NodeId(1), new NodeId(1), 5)], new ShortestHopPathCalculator(topology)));
    }

    [Fact]
    public void Route_ManyThreads_AllGetTheSameLoads()
    {
        Topology topology = TopologyLibrary.Get("symm16");
        var router = new FlowRouter(topology, AllPairs(topology), new DagPathCalculator(topology));
        var stream = new RandomStream(2, "weights");
        double[][] weights = [.. Enumerable.Range(0, 200).Select(_ => RandomNetwork.CreateWeights(stream, topology))];
        double[][] alone = [.. weights.Select(Loads)];

        double[][] together = [.. weights.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(Loads)];

        together.ShouldBe(alone);

        double[] Loads(double[] w)
        {
            var loads = new double[topology.LinkCount];
            router.Route(w, loads);
            return loads;
        }
    }

    [Fact]
    public void Route_Repeated_DoesNotAllocate()
    {
        Topology topology = TopologyLibrary.Get("geant2009");
        var router = new FlowRouter(topology, AllPairs(topology), new DagPathCalculator(topology));
        double[] weights = ChannelWeights.Uniform(topology), loads = new double[topology.LinkCount];
        router.Route(weights, loads);

        Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                router.Route(weights, loads);
            }
        }).ShouldBe(0);
    }

    [Fact]
    public void Constructor_DisconnectedPair_NamesIt()
    {
        Topology topology = Disconnected();
        ActiveFlow[] flows = [new(new FlowId("f1"), new NodeId(0), new NodeId(2), 5)];

        Should.Throw<InvalidInputException>(() => new FlowRouter(topology, flows, new DagPathCalculator(topology)))
            .Message.ShouldBe("two parts.gml: dag routing has no path from \"a\" to \"c\", which flow \"f1\" needs");
    }

    [Fact]
    public void Route_DisconnectedPairAllowed_IsCountedAndLoadsNothing()
    {
        Topology topology = Disconnected();
        ActiveFlow[] flows = [
            new(new FlowId("f1"), new NodeId(0), new NodeId(2), 5), new(new FlowId("f2"), new NodeId(0), new NodeId(1), 7)];
        var loads = new double[4];

        new FlowRouter(topology, flows, new DagPathCalculator(topology), allowDisconnected: true)
            .Route(ChannelWeights.Uniform(topology), loads).ShouldBe(1);

        loads.ShouldBe([7, 0, 0, 0]);
    }

    [Fact]
    public void Route_WrongNumberOfWeights_Throws()
    {
        Topology topology = TopologyLibrary.Get("4-node");
        var router = new FlowRouter(topology, AllPairs(topology), new DagPathCalculator(topology));
        Should.Throw<ArgumentException>(() => router.Route(new double[7], new double[8]));
        Should.Throw<ArgumentException>(() => router.Route(new double[8], new double[9]));
    }

    [Fact]
    public void PathOf_OtherHashSeed_DiffersForSomeFlows()
    {
        Topology topology = TopologyLibrary.Get("abilene");
        ActiveFlow[] flows = AllPairs(topology);
        double[] weights = ChannelWeights.Uniform(topology);
        var router = new FlowRouter(topology, flows, new DagPathCalculator(topology));
        var seeded = new FlowRouter(topology, flows, new DagPathCalculator(topology), hashSeed: "123");

        Enumerable.Range(0, flows.Length).Count(flow => !router.PathOf(flow, weights).SequenceEqual(seeded.PathOf(flow, weights)))
            .ShouldBeGreaterThan(3);
    }

    internal static ActiveFlow[] AllPairs(Topology topology) =>
        [.. from start in Enumerable.Range(0, topology.NodeCount)
            from end in Enumerable.Range(0, topology.NodeCount)
            where start != end
            select new ActiveFlow(new FlowId($"{start}-{end}"), new NodeId(start), new NodeId(end), 1000 + start)];

    private static Topology Disconnected() => new("two parts.gml", ["a", "b", "c", "d"],
    [
        new(new NodeId(0), new NodeId(1), 10), new(new NodeId(1), new NodeId(0), 10),
        new(new NodeId(2), new NodeId(3), 10), new(new NodeId(3), new NodeId(2), 10),
    ]);

    /// <summary>So many flows that nobody reads.</summary>
    private sealed class ManyFlows(int count) : IReadOnlyList<ActiveFlow>
    {
        public int Count => count;

        public ActiveFlow this[int index] => throw new NotSupportedException();

        public IEnumerator<ActiveFlow> GetEnumerator() => throw new NotSupportedException();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
