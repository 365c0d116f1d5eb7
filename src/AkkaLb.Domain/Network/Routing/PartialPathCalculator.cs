namespace AkkaLb.Domain.Network;

/// <summary>
/// The candidates of a topology that has lost links, named by the links of the whole one: link indices, and with them agents and
/// weights, stay what they are whatever fails.
/// </summary>
internal sealed class PartialPathCalculator : IPathCalculator
{
    private readonly IPathCalculator? _rest;
    private readonly LinkId[] _links;

    /// <param name="whole">The topology before anything was lost.</param>
    /// <param name="missing">What is lost; all links may be.</param>
    /// <param name="routing">How the rest is routed.</param>
    public PartialPathCalculator(Topology whole, IReadOnlySet<LinkId> missing, RoutingRule routing)
    {
        Name = routing.Name;
        // The rest is enumerated in the same order, so its n-th link is the n-th that is left.
        _links = [.. Enumerable.Range(0, whole.LinkCount).Select(link => new LinkId(link)).Where(link => !missing.Contains(link))];
        _rest = _links.Length == 0 ? null : routing.Paths(whole.Without(missing));
    }

    public string Name { get; }

    public bool ByDestination => _rest is null || _rest.ByDestination;

    public IReadOnlyList<LinkId> NextHops(NodeId at, NodeId? previous, NodeId source, NodeId destination) =>
        _rest is null ? [] : [.. _rest.NextHops(at, previous, source, destination).Select(link => _links[link.Index])];
}
