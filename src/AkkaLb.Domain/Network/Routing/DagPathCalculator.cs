namespace AkkaLb.Domain.Network;

/// <summary>
/// Candidate next hops on paths that follow a numbering of the nodes up or down, with at most one change of direction, and that are
/// not much longer than the shortest such path (specification section 6.5). Paths never form a loop, so that every node may choose on its
/// own.
/// </summary>
public sealed class DagPathCalculator : IPathCalculator
{
    /// <summary>A path may be this much longer than the shortest one.</summary>
    public const double DefaultLengthRatio = 1.5;

    private readonly Topology _topology;
    private readonly double _lengthRatio;
    private readonly int[] _numbers;

    /// <param name="topology">What to route on.</param>
    /// <param name="lengthRatio">Longest accepted path in units of the shortest, at least 1.</param>
    public DagPathCalculator(Topology topology, double lengthRatio = DefaultLengthRatio)
    {
        if (!(lengthRatio >= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(lengthRatio), lengthRatio, "expected at least 1");
        }

        _topology = topology;
        _lengthRatio = lengthRatio;
        (_numbers, Forward, Reverse) = DagConstruction.Build(topology);
    }

    public string Name => "dag";

    public bool ByDestination => false;

    /// <summary>Depth-first number of every node, from 1.</summary>
    public IReadOnlyList<int> Numbers => _numbers;

    internal Dag Forward { get; }

    internal Dag Reverse { get; }

    public IReadOnlyList<LinkId> NextHops(NodeId at, NodeId? previous, NodeId source, NodeId destination)
    {
        var once = new List<int>();
        foreach (int neighbour in Neighbours(at, previous, source, destination))
        {
            if (!once.Contains(neighbour))
            {
                once.Add(neighbour);
            }
        }

        return LinksTo(at, once);
    }

    /// <summary>The candidates as the reference finds them, with repetitions.</summary>
    internal List<LinkId> Candidates(NodeId at, NodeId? previous, NodeId source, NodeId destination) =>
        LinksTo(at, Neighbours(at, previous, source, destination));

    private List<int> Neighbours(NodeId at, NodeId? previous, NodeId source, NodeId destination)
    {
        int s = at.Index, d = destination.Index;
        var found = new List<int>();
        if (previous is not { } p)
        {
            RemovedNodes none = RemovedNodes.None;
            int length = Math.Min(Direct(Forward, s, d, none, found) ?? Missing, Direct(Reverse, s, d, none, found) ?? Missing);
            Turn(Forward, Reverse, s, d, length, none, found);
            Turn(Reverse, Forward, s, d, length, none, found);
        }
        else
        {
            var removed = new RemovedNodes(p.Index, source.Index, -1);
            bool up = _numbers[s] > _numbers[p.Index];
            (Dag same, Dag other) = up ? (Forward, Reverse) : (Reverse, Forward);
            if (Direct(same, s, d, removed, found) is null && Direct(other, s, d, removed, found) is null)
            {
                Turn(same, other, s, d, Missing, removed, found);
            }
        }

        return found;
    }

    /// <summary>Stands for the length of a path that there is not: longer than any.</summary>
    private int Missing => _topology.NodeCount + 1;

    private int Cut(int length) => (int)(length * _lengthRatio);

    /// <summary>Adds the next hops that stay inside one DAG; the shortest length there, or null if there is no path.</summary>
    private int? Direct(Dag dag, int s, int d, RemovedNodes removed, List<int> found)
    {
        if (dag.DistancesTo(d, RemovedNodes.None)[s] == Dag.Unreachable)
        {
            return null;
        }

        // Of removed nodes those count that may come between: the previous node, which lies behind, does not.
        int[] distances = dag.DistancesTo(d, removed.Within(dag.DistancesFrom(s, RemovedNodes.None)));
        if (distances[s] == Dag.Unreachable)
        {
            return null;
        }

        foreach (int n in dag.Successors[s])
        {
            if (distances[n] != Dag.Unreachable && distances[n] + 1 <= Cut(distances[s]))
            {
                found.Add(n);
            }
        }

        return distances[s];
    }

    /// <summary>Adds the next hops in <paramref name="dag"/> from which the other DAG leads on, at once or from a later node.</summary>
    private void Turn(Dag dag, Dag other, int s, int d, int length, RemovedNodes removed, List<int> found)
    {
        RemovedNodes removedThere = removed.And(s);
        int[] distancesThere = other.DistancesTo(d, removedThere);
        foreach (int n in dag.Successors[s])
        {
            if (removedThere.Contains(n))
            {
                continue;
            }

            bool accepted = distancesThere[n] != Dag.Unreachable
                ? distancesThere[n] + 1 <= Cut(length)
                : TurnsLater(dag.DistancesFrom(n, removed), distancesThere, d, Cut(length));
            if (accepted)
            {
                found.Add(n);
            }
        }
    }

    private static bool TurnsLater(int[] distancesHere, int[] distancesThere, int d, int cut)
    {
        for (int v = 0; v < distancesHere.Length; v++)
        {
            if (v != d && distancesHere[v] != Dag.Unreachable && distancesThere[v] != Dag.Unreachable
                && distancesHere[v] + distancesThere[v] + 1 <= cut)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All parallel links to each neighbour.</summary>
    private List<LinkId> LinksTo(NodeId at, List<int> neighbours)
    {
        var links = new List<LinkId>(neighbours.Count);
        foreach (int neighbour in neighbours)
        {
            foreach (int link in _topology.OutLinks(at))
            {
                if (_topology.Links[link].To.Index == neighbour)
                {
                    links.Add(new LinkId(link));
                }
            }
        }

        return links;
    }
}
