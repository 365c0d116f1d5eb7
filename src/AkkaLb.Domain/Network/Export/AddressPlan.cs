namespace AkkaLb.Domain.Network;

/// <summary>
/// IPv4 addresses for snippets, to be replaced by the network's own: node n is 10.255.0.0 + n, and the n-th pair of nodes with a link has
/// the two addresses from 10.0.0.0 + 2n on, the lower one for the node that the file has first.
/// </summary>
internal sealed class AddressPlan
{
    /// <summary>What says in a file where its addresses come from.</summary>
    public const string Remark = "Addresses are placeholders: node n (from 0) is 10.255.0.0 + n, the n-th pair of linked nodes 10.0.0.0 + "
        + "2n.";

    private readonly Topology _topology;
    private readonly Dictionary<(int, int, int), int> _pairs = [];

    /// <exception cref="InvalidInputException">More nodes than the plan has room for.</exception>
    public AddressPlan(Topology topology)
    {
        if (topology.NodeCount > 1 << 16)
        {
            throw new InvalidInputException(
                $"{topology.Name}: found {topology.NodeCount} nodes, expected at most {1 << 16} to give addresses to");
        }

        _topology = topology;
        foreach (Link link in topology.Links)
        {
            _pairs.TryAdd(Pair(link), _pairs.Count);
        }
    }

    public static string Of(NodeId node) => Dotted((10u << 24) + (255u << 16) + (uint)node.Index);

    /// <summary>The far end's address.</summary>
    public string NextHop(LinkId link)
    {
        Link l = _topology.Links[link.Index];
        return Dotted((10u << 24) + 2 * (uint)_pairs[Pair(l)] + (l.To.Index > l.From.Index ? 1u : 0u));
    }

    private static (int, int, int) Pair(Link link) =>
        (Math.Min(link.From.Index, link.To.Index), Math.Max(link.From.Index, link.To.Index), link.Key);

    private static string Dotted(uint address) => $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}";
}
