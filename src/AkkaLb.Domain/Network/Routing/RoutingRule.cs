namespace AkkaLb.Domain.Network;

/// <summary>Over which links traffic may leave a node.</summary>
public enum RoutingModel
{
    /// <summary>The published paths along a numbering of the nodes (<see cref="DagPathCalculator"/>).</summary>
    Dag,

    /// <summary>All paths of the fewest hops (<see cref="ShortestHopPathCalculator"/>).</summary>
    Shortest,

    /// <summary>All paths of the least sum of IGP metrics (<see cref="IgpPathCalculator"/>).</summary>
    Igp,

    /// <summary>The k shortest paths of every pair, each with a weight of its own (<see cref="PathRouter"/>).</summary>
    KShortestPaths,
}

/// <summary>How traffic is routed, on whatever topology is there.</summary>
/// <param name="Model">Over which links.</param>
/// <param name="LengthRatio">Longest accepted DAG path in units of the shortest, at least 1.</param>
/// <param name="Hash">How flows choose among candidates.</param>
/// <param name="HashSeed">Decimal digits appended to flow ids before hashing; may be empty.</param>
/// <param name="PathCount">k of <see cref="RoutingModel.KShortestPaths"/>.</param>
public sealed record RoutingRule(
    RoutingModel Model = RoutingModel.Dag, double LengthRatio = DagPathCalculator.DefaultLengthRatio, FlowHash Hash = FlowHash.Dx,
    string HashSeed = "", int PathCount = PathRouter.DefaultPathCount)
{
    public const string PathsName = "k-shortest-paths";

    public string Name => Model switch
    {
        RoutingModel.Shortest => "shortest",
        RoutingModel.Igp => "igp",
        RoutingModel.KShortestPaths => PathsName,
        _ => "dag",
    };

    /// <exception cref="InvalidInputException">Paths have the weights, so that there are no next hops that stand alone.</exception>
    public IPathCalculator Paths(Topology topology) => Model switch
    {
        RoutingModel.Shortest => new ShortestHopPathCalculator(topology),
        RoutingModel.Igp => new IgpPathCalculator(topology),
        RoutingModel.KShortestPaths => throw new InvalidInputException(
            $"{topology.Name}: expected dag, shortest or igp routing where links have the weights, found {PathsName}"),
        _ => new DagPathCalculator(topology, LengthRatio),
    };

    /// <summary>Candidates on what is left of a topology, named by the links of the whole.</summary>
    public IPathCalculator Paths(Topology topology, IReadOnlySet<LinkId> missing) =>
        missing.Count == 0 ? Paths(topology) : new PartialPathCalculator(topology, missing, this);

    /// <summary>A router of these flows.</summary>
    /// <param name="paths">As <see cref="Paths(Topology, IReadOnlySet{LinkId})"/> gives them.</param>
    /// <param name="allowDisconnected">Count flows without a path instead of refusing them.</param>
    /// <exception cref="InvalidInputException">A flow has no path, or a path may run in a circle.</exception>
    public ITrafficRouter Router(Topology topology, IReadOnlyList<ActiveFlow> flows, IPathCalculator paths, bool allowDisconnected) =>
        Hash == FlowHash.Fluid
            ? new FluidRouter(
                topology, [.. flows.Select(flow => new Demand(flow.Start, flow.End, flow.Rate))], paths, allowDisconnected)
            : new FlowRouter(topology, flows, paths, Hash, HashSeed, allowDisconnected);
}
