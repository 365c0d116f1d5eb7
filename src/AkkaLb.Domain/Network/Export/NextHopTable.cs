namespace AkkaLb.Domain.Network;

/// <summary>A group of next hops of one router with whole weights, and the destinations that it leads to.</summary>
public sealed record NextHopGroup(NodeId Node, IReadOnlyList<LinkId> Links, IReadOnlyList<int> Weights, IReadOnlyList<NodeId> Destinations);

/// <summary>What all routers of a network are told so that they split traffic as channel weights say; immutable.</summary>
public sealed class NextHopTable
{
    /// <param name="topology">The network.</param>
    /// <param name="paths">Candidates, which may depend on node and destination only.</param>
    /// <param name="weights">Channel weights, one per link, positive.</param>
    /// <exception cref="InvalidInputException">Candidates depend on more, which routers cannot be told.</exception>
    public NextHopTable(Topology topology, IPathCalculator paths, ReadOnlySpan<double> weights)
    {
        if (!paths.ByDestination)
        {
            throw new InvalidInputException(
                $"{topology.Name}: {paths.Name} routing depends on where traffic comes from, expected shortest or igp, as routers have it");
        }

        Topology = topology;
        var groups = new List<NextHopGroup>();
        for (int node = 0; node < topology.NodeCount; node++)
        {
            var byLinks = new Dictionary<string, (IReadOnlyList<LinkId> Links, List<NodeId> Destinations)>();
            for (int destination = 0; destination < topology.NodeCount; destination++)
            {
                NodeId at = new(node), to = new(destination);
                if (node == destination || paths.NextHops(at, null, at, to) is not { Count: > 0 } links)
                {
                    continue;
                }

                string key = string.Join(',', links.Select(link => link.Index));
                if (!byLinks.TryGetValue(key, out (IReadOnlyList<LinkId> Links, List<NodeId> Destinations) group))
                {
                    byLinks.Add(key, group = (links, []));
                }

                group.Destinations.Add(to);
            }

            foreach ((IReadOnlyList<LinkId> links, List<NodeId> destinations) in byLinks.Values)
            {
                var own = new double[links.Count];
                for (int i = 0; i < own.Length; i++)
                {
                    own[i] = weights[links[i].Index];
                }

                groups.Add(new NextHopGroup(new NodeId(node), links, WeightRounding.Round(own), destinations));
            }
        }

        Groups = groups;
    }

    public Topology Topology { get; }

    /// <summary>By node, in the order in which destinations first need them.</summary>
    public IReadOnlyList<NextHopGroup> Groups { get; }

    /// <summary>Routes a router's demands under the whole weights.</summary>
    /// <param name="router">On the same topology and paths.</param>
    /// <returns>Loads of all links in bit/s.</returns>
    public double[] Route(FluidRouter router)
    {
        var byLinks = Groups.ToDictionary(group => string.Join(',', group.Links.Select(link => link.Index)), group => group.Weights);
        var loads = new double[Topology.LinkCount];
        router.Route([.. router.Groups.Select(links => byLinks[string.Join(',', links.Select(link => link.Index))])], loads);
        return loads;
    }
}
