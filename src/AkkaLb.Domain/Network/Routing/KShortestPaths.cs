namespace AkkaLb.Domain.Network;

/// <summary>
/// The k shortest loop-free paths between two nodes (Yen, "Finding the K Shortest Loopless Paths in a Network", Management Science 17(11),
/// 1971), by the sum of metrics. Parallel links make different paths.
/// </summary>
/// <remarks>Not safe for use by several threads at once.</remarks>
public sealed class KShortestPaths
{
    private readonly Topology _topology;
    private readonly double[] _metrics;
    private readonly (double Distance, int Links)[] _left;
    private readonly bool[] _closedNodes;
    private readonly HashSet<int> _closedLinks = [];
    private readonly PriorityQueue<int, (double Distance, int Links, int Node)> _queue = new();

    /// <param name="topology">What to route on.</param>
    /// <param name="metrics">One per link, positive; null for <see cref="IgpPathCalculator.MetricsOf"/>.</param>
    public KShortestPaths(Topology topology, IReadOnlyList<double>? metrics = null)
    {
        _topology = topology;
        _metrics = metrics is null ? IgpPathCalculator.MetricsOf(topology) : [.. metrics];
        _left = new (double, int)[topology.NodeCount];
        _closedNodes = new bool[topology.NodeCount];
    }

    /// <summary>The shortest paths, by length, then number of links, then the links' indices.</summary>
    /// <param name="from">Where paths begin; another node than <paramref name="to"/>.</param>
    /// <param name="to">Where they end.</param>
    /// <param name="count">At most so many, at least 1.</param>
    /// <returns>Fewer where there are no more; empty where there is no path.</returns>
    public IReadOnlyList<RoutedPath> Find(NodeId from, NodeId to, int count)
    {
        List<RoutedPath> found = [];
        SortedSet<RoutedPath> candidates = new(Comparer<RoutedPath>.Create(Compare));
        if (Shortest([], from, from, to) is { } first)
        {
            candidates.Add(first);
        }
        while (found.Count < count && candidates.Min is { } next)
        {
            candidates.Remove(next);
            found.Add(next);
            if (found.Count < count)
            {
                Deviate(next, found, candidates);
            }
        }
        return found;
    }

    /// <summary>For every node of a path: the shortest way from there that no path found so far takes.</summary>
    private void Deviate(RoutedPath path, List<RoutedPath> found, SortedSet<RoutedPath> candidates)
    {
        NodeId at = path.From;
        for (int i = 0; i < path.Links.Count; i++)
        {
            LinkId[] root = [.. path.Links.Take(i)];
            foreach (RoutedPath other in found)
            {
                if (other.Links.Count > i && other.Links.Take(i).SequenceEqual(root))
                {
                    _closedLinks.Add(other.Links[i].Index);
                }
            }
            if (Shortest(root, path.From, at, path.To) is { } candidate)
            {
                candidates.Add(candidate);
            }
            _closedLinks.Clear();
            _closedNodes[at.Index] = true;
            at = _topology.Links[path.Links[i].Index].To;
        }
        Array.Clear(_closedNodes);
    }

    /// <summary>
    /// The first of the paths over what is not closed: Dijkstra from the end, by length and then number of links, and from the beginning
    /// the links of the lowest index that keep to both.
    /// </summary>
    /// <param name="root">The beginning of the path, which ends at <paramref name="at"/>.</param>
    private RoutedPath? Shortest(LinkId[] root, NodeId from, NodeId at, NodeId to)
    {
        Array.Fill(_left, (double.PositiveInfinity, 0));
        _left[to.Index] = (0, 0);
        _queue.Clear();
        _queue.Enqueue(to.Index, (0, 0, to.Index));
        while (_queue.TryDequeue(out int node, out (double Distance, int Links, int) priority) && node != at.Index)
        {
            if ((priority.Distance, priority.Links) != _left[node])
            {
                continue;
            }
            foreach (int link in _topology.InLinks(new NodeId(node)))
            {
                int neighbour = _topology.Links[link].From.Index;
                (double Distance, int Links) through = Through(link);
                if (IsOpen(link) && !_closedNodes[neighbour] && through.CompareTo(_left[neighbour]) < 0)
                {
                    _left[neighbour] = through;
                    _queue.Enqueue(neighbour, (through.Distance, through.Links, neighbour));
                }
            }
        }
        if (double.IsInfinity(_left[at.Index].Distance))
        {
            return null;
        }
        List<LinkId> links = [.. root];
        for (NodeId node = at; node != to; node = _topology.Links[links[^1].Index].To)
        {
            links.Add(FirstOf(node));
        }
        return new RoutedPath(from, to, links, links.Sum(link => _metrics[link.Index]));
    }

    /// <summary>The link of the lowest index among those by which the rest of a path begins.</summary>
    private LinkId FirstOf(NodeId node)
    {
        int first = int.MaxValue;
        foreach (int link in _topology.OutLinks(node))
        {
            if (link < first && IsOpen(link) && Through(link) == _left[node.Index])
            {
                first = link;
            }
        }
        return new LinkId(first);
    }

    private bool IsOpen(int link) => !_closedLinks.Contains(link);

    /// <summary>What is left of a path from the beginning of a link.</summary>
    private (double Distance, int Links) Through(int link)
    {
        (double distance, int links) = _left[_topology.Links[link].To.Index];
        return (_metrics[link] + distance, links + 1);
    }

    private static int Compare(RoutedPath? a, RoutedPath? b)
    {
        int order = a!.Length.CompareTo(b!.Length);
        order = order != 0 ? order : a.Links.Count.CompareTo(b.Links.Count);
        for (int i = 0; order == 0 && i < a.Links.Count; i++)
        {
            order = a.Links[i].Index.CompareTo(b.Links[i].Index);
        }
        return order;
    }
}

/// <summary>A loop-free path.</summary>
/// <param name="Links">From the first node to the last, at least one.</param>
/// <param name="Length">Sum of their metrics.</param>
public sealed record RoutedPath(NodeId From, NodeId To, IReadOnlyList<LinkId> Links, double Length);
