using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.Network;

public class KShortestPathsTests
{
    [Fact]
    public void Find_OnRandomNetworks_AreTheShortestOfAllPathsThatThereAre() =>
        RandomNetwork.ForAll(
            (network, stream) =>
            {
                Topology topology = network.Topology;
                // Real numbers, so that no two paths are equally long.
                double[] metrics = [.. topology.Links.Select(_ => stream.NextDouble(1, 10))];
                NodeId from = new(0), to = new(topology.NodeCount - 1);
                int count = 1 + stream.NextInt32(12);
                string[] expected = [.. AllPaths(topology, from, to).OrderBy(path => path.Sum(link => metrics[link])).Take(count)
                    .Select(path => string.Join(' ', path))];

                IReadOnlyList<RoutedPath> found = new KShortestPaths(topology, metrics).Find(from, to, count);

                found.Select(path => string.Join(' ', path.Links.Select(link => link.Index))).ShouldBe(expected);
                found.ShouldAllBe(path => Math.Abs(path.Length - path.Links.Sum(link => metrics[link.Index])) < 1e-12);
            },
            tests: 60);

    [Fact]
    public void Find_WithEqualMetrics_HaveTheLengthsOfTheShortestAndNoLoop() =>
        RandomNetwork.ForAll(
            (network, _) =>
            {
                Topology topology = network.Topology;
                double[] metrics = [.. topology.Links.Select(_ => 1.0)];
                NodeId from = new(0), to = new(topology.NodeCount - 1);
                double[] expected = [.. AllPaths(topology, from, to).Select(path => (double)path.Length).Order().Take(6)];

                IReadOnlyList<RoutedPath> found = new KShortestPaths(topology, metrics).Find(from, to, 6);

                found.Select(path => path.Length).ShouldBe(expected);
                found.Select(path => string.Join(' ', path.Links)).Distinct().Count().ShouldBe(found.Count);
                foreach (RoutedPath path in found)
                {
                    NodeId[] nodes = [from, .. path.Links.Select(link => topology.Links[link.Index].To)];
                    nodes.Distinct().Count().ShouldBe(nodes.Length);
                    nodes[^1].ShouldBe(to);
                    path.Links.Zip(nodes).ShouldAllBe(step => topology.Links[step.First.Index].From == step.Second);
                }
            },
            tests: 60);

    /// <summary>Few different metrics, so that many paths are equally long: then fewer links, then lower indices come first.</summary>
    [Fact]
    public void Find_EquallyLongPaths_AreInTheOrderOfTheirLinks() =>
        RandomNetwork.ForAll(
            (network, stream) =>
            {
                Topology topology = network.Topology;
                double[] metrics = [.. topology.Links.Select(_ => 1.0 + stream.NextInt32(2))];
                NodeId from = new(0), to = new(topology.NodeCount - 1);
                int count = 1 + stream.NextInt32(6);
                string[] expected = [.. AllPaths(topology, from, to)
                    .OrderBy(path => path.Sum(link => metrics[link])).ThenBy(path => path.Length)
                    .ThenBy(path => string.Concat(path.Select(link => (char)link)), StringComparer.Ordinal)
                    .Take(count).Select(path => string.Join(' ', path))];

                new KShortestPaths(topology, metrics).Find(from, to, count)
                    .Select(path => string.Join(' ', path.Links.Select(link => link.Index))).ShouldBe(expected);
            },
            tests: 60);

    [Fact]
    public void Find_OfTheSquare_ByHand()
    {
        // a–b–d of length 2, a–c–d of length 3, and by way of the rung a–b–c–d of length 4, a–c–b–d of length 5.
        Topology topology = Square();
        IReadOnlyList<RoutedPath> paths = new KShortestPaths(topology).Find(new NodeId(0), new NodeId(3), 10);
        paths.Select(path => Name(topology, path)).ShouldBe(["a b d", "a c d", "a b c d", "a c b d"]);
        paths.Select(path => path.Length).ShouldBe([2, 3, 4, 5]);
        new KShortestPaths(topology).Find(new NodeId(0), new NodeId(3), 2).Count.ShouldBe(2);
    }

    [Fact]
    public void Find_WhereThereIsNoPath_IsEmpty() =>
        new KShortestPaths(new Topology("apart", ["a", "b"], [new Link(new NodeId(1), new NodeId(0), 1)]))
            .Find(new NodeId(0), new NodeId(1), 3).ShouldBeEmpty();

    /// <summary>Metrics: a–b 1, b–d 1, a–c 2, c–d 1, b–c 2; capacities 10 above, 20 below.</summary>
    internal static Topology Square()
    {
        (int From, int To, double Capacity, double Metric)[] edges =
            [(0, 1, 10, 1), (1, 3, 10, 1), (0, 2, 20, 2), (2, 3, 20, 1), (1, 2, 10, 2)];
        return new Topology("square", ["a", "b", "c", "d"], [.. edges.SelectMany(e => new[]
        {
            new Link(new NodeId(e.From), new NodeId(e.To), e.Capacity, Metric: e.Metric),
            new Link(new NodeId(e.To), new NodeId(e.From), e.Capacity, Metric: e.Metric),
        })]);
    }

    private static string Name(Topology topology, RoutedPath path) =>
        string.Join(' ', path.Links.Select(link => topology.Labels[topology.Links[link.Index].To.Index]).Prepend(topology.Labels[0]));

    /// <summary>All loop-free paths as lists of links, by trying everything.</summary>
    private static IEnumerable<int[]> AllPaths(Topology topology, NodeId from, NodeId to)
    {
        Stack<int[]> open = new([[]]);
        while (open.TryPop(out int[]? path))
        {
            HashSet<NodeId> nodes = [from, .. path.Select(link => topology.Links[link].To)];
            NodeId at = path.Length == 0 ? from : topology.Links[path[^1]].To;
            if (at == to)
            {
                yield return path;
                continue;
            }
            for (int link = 0; link < topology.LinkCount; link++)
            {
                if (topology.Links[link].From == at && !nodes.Contains(topology.Links[link].To))
                {
                    open.Push([.. path, link]);
                }
            }
        }
    }
}
