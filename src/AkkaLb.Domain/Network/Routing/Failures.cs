namespace AkkaLb.Domain.Network;

/// <summary>What a network comes to when one of its parts fails.</summary>
/// <param name="What">The nodes at both ends of the links, or the node.</param>
/// <param name="IsNode">Whether a node failed; its own demands do not count then.</param>
/// <param name="MaxUtilisation">Of the fullest link.</param>
/// <param name="Fullest">The fullest link; null where nothing is routed.</param>
/// <param name="Isolated">Demands that have no path any more.</param>
public sealed record Failure(string What, bool IsNode, double Phi, double MaxUtilisation, string? Fullest, int Isolated);

/// <summary>Every single failure of a link, in both directions, and of a node.</summary>
public static class Failures
{
    /// <param name="topology">The whole network.</param>
    /// <param name="demands">Its traffic, split in proportion to weights.</param>
    /// <param name="routing">Over which links.</param>
    /// <param name="weights">One per link, positive.</param>
    /// <param name="progress">Told after each failure how many are done, of how many; from any thread.</param>
    /// <returns>In the order of links, then of nodes.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<Failure> Evaluate(
        Topology topology, IReadOnlyList<Demand> demands, RoutingRule routing, IReadOnlyList<double> weights, int threads,
        Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        var pairs = new Dictionary<(int, int, int), HashSet<LinkId>>();
        for (int link = 0; link < topology.LinkCount; link++)
        {
            Link l = topology.Links[link];
            (int, int, int) pair = (Math.Min(l.From.Index, l.To.Index), Math.Max(l.From.Index, l.To.Index), l.Key);
            (pairs.TryGetValue(pair, out HashSet<LinkId>? links) ? links : pairs[pair] = []).Add(new LinkId(link));
        }

        (string What, NodeId? Node, HashSet<LinkId> Missing)[] cases =
        [
            .. pairs.Values.Select(links => (
                topology.Describe(links.First()).Replace("→", links.Count > 1 ? "↔" : "→", StringComparison.Ordinal), (NodeId?)null,
                links)),
            .. Enumerable.Range(0, topology.NodeCount).Select(node => (
                topology.Labels[node], (NodeId?)new NodeId(node),
                topology.OutLinks(new NodeId(node)).ToArray().Concat(topology.InLinks(new NodeId(node)).ToArray())
                    .Select(link => new LinkId(link)).ToHashSet())),
        ];
        var failures = new Failure[cases.Length];
        int done = 0;
        Parallel.For(0, cases.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            (string what, NodeId? node, HashSet<LinkId> missing) = cases[i];
            failures[i] = Of(what, node, missing, topology, demands, routing, weights);
            progress?.Invoke(Interlocked.Increment(ref done), cases.Length);
        });
        return failures;
    }

    private static Failure Of(
        string what, NodeId? node, HashSet<LinkId> missing, Topology topology, IReadOnlyList<Demand> demands, RoutingRule routing,
        IReadOnlyList<double> weights)
    {
        Demand[] left = [.. demands.Where(demand => demand.From != node && demand.To != node)];
        if (missing.Count == topology.LinkCount)
        {
            return new Failure(what, node is not null, 0, 0, null, left.Length);
        }

        Topology rest = topology.Without(missing);
        var router = new FluidRouter(rest, left, routing.Paths(rest), allowDisconnected: true);
        var loads = new double[rest.LinkCount];
        int isolated = router.Route([.. weights.Where((_, link) => !missing.Contains(new LinkId(link)))], loads);
        int fullest = Enumerable.Range(0, loads.Length).MaxBy(link => loads[link] / rest.Capacities[link]);
        return new Failure(
            what, node is not null, ObjectiveFunction.Variance(loads, rest.Capacities),
            ObjectiveFunction.MaxUtilisation(loads, rest.Capacities),
            loads[fullest] > 0 ? rest.Describe(new LinkId(fullest)) : null, isolated);
    }
}
