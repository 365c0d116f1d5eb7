namespace AkkaLb.Domain.Network;

/// <summary>How flows are routed, on whatever topology is there.</summary>
/// <param name="ShortestHops">All shortest-hop paths; otherwise the DAG paths.</param>
/// <param name="LengthRatio">Longest accepted DAG path in units of the shortest, at least 1.</param>
/// <param name="Hash">How flows choose among candidates.</param>
/// <param name="HashSeed">Decimal digits appended to flow ids before hashing; may be empty.</param>
public sealed record RoutingRule(
    bool ShortestHops = false, double LengthRatio = DagPathCalculator.DefaultLengthRatio, FlowHash Hash = FlowHash.Dx, string HashSeed = "")
{
    public string Name => ShortestHops ? "shortest" : "dag";

    public IPathCalculator Paths(Topology topology) =>
        ShortestHops ? new ShortestHopPathCalculator(topology) : new DagPathCalculator(topology, LengthRatio);

    /// <summary>Candidates on what is left of a topology, named by the links of the whole.</summary>
    public IPathCalculator Paths(Topology topology, IReadOnlySet<LinkId> missing) =>
        missing.Count == 0 ? Paths(topology) : new PartialPathCalculator(topology, missing, this);

    /// <summary>A router of these flows.</summary>
    /// <param name="paths">As <see cref="Paths(Topology, IReadOnlySet{LinkId})"/> gives them.</param>
    /// <param name="allowDisconnected">Count flows without a path instead of refusing them.</param>
    /// <exception cref="InvalidInputException">A flow has no path, or a path may run in a circle.</exception>
    public FlowRouter Router(Topology topology, IReadOnlyList<ActiveFlow> flows, IPathCalculator paths, bool allowDisconnected) =>
        new(topology, flows, paths, Hash, HashSeed, allowDisconnected);
}
