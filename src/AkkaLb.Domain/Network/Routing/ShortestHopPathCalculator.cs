namespace AkkaLb.Domain.Network;

/// <summary>All next hops on paths with the fewest hops, in link order: the candidate sets of textbook ECMP.</summary>
public sealed class ShortestHopPathCalculator : IPathCalculator
{
    private readonly Topology _topology;
    private readonly int[][] _distancesTo;

    public ShortestHopPathCalculator(Topology topology)
    {
        _topology = topology;
        _distancesTo = [.. Enumerable.Range(0, topology.NodeCount).Select(node => topology.HopDistancesTo(new NodeId(node)))];
    }

    public string Name => "shortest";

    public bool ByDestination => true;

    public IReadOnlyList<LinkId> NextHops(NodeId at, NodeId? previous, NodeId source, NodeId destination)
    {
        int[] distances = _distancesTo[destination.Index];
        var hops = new List<LinkId>();
        foreach (int link in _topology.OutLinks(at))
        {
            int distance = distances[_topology.Links[link].To.Index];
            if (distance >= 0 && distance + 1 == distances[at.Index])
            {
                hops.Add(new LinkId(link));
            }
        }

        return hops;
    }
}
