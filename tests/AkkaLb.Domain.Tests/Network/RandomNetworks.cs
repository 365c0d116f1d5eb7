using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using FsCheck;
using FsCheck.Fluent;

namespace AkkaLb.Domain.Tests.Network;

/// <summary>Random connected networks with flows, each a function of one number, for property tests.</summary>
internal sealed record RandomNetwork(Topology Topology, FlowSet Flows, double[] Weights)
{
    /// <summary>Checks a property on networks of random seeds; the sequence is fixed, and a failure names its seed.</summary>
    public static void ForAll(Action<RandomNetwork, RandomStream> property, int tests = 100) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var stream = new RandomStream((ulong)seed, "test");
            property(Create(stream), stream);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(17, 4711));

    public static RandomNetwork Create(RandomStream stream)
    {
        Topology topology = CreateTopology(stream);
        FlowSet flows = CreateFlows(stream, topology);
        return new RandomNetwork(topology, flows, CreateWeights(stream, topology));
    }

    /// <summary>Weights from 2⁻⁴ to 2⁴, some of them equal.</summary>
    public static double[] CreateWeights(RandomStream stream, Topology topology) =>
        [.. topology.Links.Select(_ => stream.NextInt32(3) == 0 ? 1 : Math.Pow(2, stream.NextDouble(-4, 4)))];

    private static Topology CreateTopology(RandomStream stream)
    {
        int nodes = 2 + stream.NextInt32(9);
        string[] labels = [.. Enumerable.Range(0, nodes).Select(
            node => $"{"a b\"é&<;#"[stream.NextInt32(9)]}{(char)('a' + stream.NextInt32(26))}{node}")];
        var links = new List<Link>();
        for (int node = 1; node < nodes; node++)
        {
            AddBothWays(node, stream.NextInt32(node));
        }

        for (int extra = stream.NextInt32(2 * nodes); extra > 0; extra--)
        {
            (int from, int to) = (stream.NextInt32(nodes), stream.NextInt32(nodes));
            if (from != to)
            {
                AddBothWays(from, to);
            }
        }

        stream.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(links));
        return new Topology("random.gml", labels, links);

        void AddBothWays(int a, int b)
        {
            int key = links.Count(link => link.From.Index == a && link.To.Index == b);
            double capacity = 1 + stream.NextInt32(100_000_000);
            links.Add(new Link(new NodeId(a), new NodeId(b), capacity, key, $"{links.Count}"));
            links.Add(new Link(new NodeId(b), new NodeId(a), capacity * 0.7, key, $"\"{links.Count}\""));
        }
    }

    private static FlowSet CreateFlows(RandomStream stream, Topology topology)
    {
        var flows = new List<Flow>();
        for (int i = stream.NextInt32(60); i >= 0; i--)
        {
            int start = stream.NextInt32(topology.NodeCount), end = stream.NextInt32(topology.NodeCount);
            if (start != end)
            {
                int startMs = stream.NextInt32(3);
                flows.Add(new Flow(new FlowId($"flow-{stream.NextUInt32()}"), new NodeId(start), new NodeId(end),
                    [new RateChange(0, stream.NextInt32(5_000_000)), new RateChange(100 + stream.NextInt32(9), stream.NextDouble(0, 1e6))],
                    startMs, startMs + 1 + stream.NextInt32(1000)));
            }
        }

        return new FlowSet("random.json", flows);
    }
}
