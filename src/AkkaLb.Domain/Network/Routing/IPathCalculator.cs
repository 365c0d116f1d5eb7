namespace AkkaLb.Domain.Network;

/// <summary>Says over which links a flow may leave a node; the hash chooses among them by weight.</summary>
public interface IPathCalculator
{
    /// <summary>The name in configurations: <c>dag</c>, <c>shortest</c> or <c>igp</c>.</summary>
    string Name { get; }

    /// <summary>Whether candidates depend on node and destination only, as they do on routers.</summary>
    bool ByDestination { get; }

    /// <summary>
    /// Candidate links out of <paramref name="at"/>, each once, in an order that the hash depends on; empty if there is no path.
    /// </summary>
    /// <param name="at">Where the flow is; not its destination.</param>
    /// <param name="previous">Where it came from; null at its source.</param>
    /// <param name="source">Where it started.</param>
    /// <param name="destination">Where it goes.</param>
    IReadOnlyList<LinkId> NextHops(NodeId at, NodeId? previous, NodeId source, NodeId destination);
}
