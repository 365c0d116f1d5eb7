namespace AkkaLb.Domain.Network;

/// <summary>
/// The k shortest loop-free paths between two nodes (Yen, "Finding the K Shortest Loopless Paths in a Network", Management Science 17(11),
/// 1971), by the sum of metrics. Parallel links make different paths.
/// </summary>
/// <remarks>
/// Not safe for use by several threads at once. Keeps 16 bytes for every node and every end that it was asked for.
/// </remarks>
public sealed class KShortestPaths
{
    private readonly Topology _topology;
    private readonly double[] _metrics;
    private readonly int[] _from, _to;

    // What is left of a path from a node to its end: with all links, by end, and with those that are not closed.
    private readonly (double Distance, int Links)[]?[] _whole;
    private readonly (double Distance, int Links)[] _open;
    private readonly bool[] _closedNodes, _closedLinks;
    private readonly PriorityQueue<int, (double Distance, int Links)> _queue = new();

    /// <param name="topology">What to route on.</param>
    /// <param name="metrics">One per link, positive; null for <see cref="IgpPathCalculator.MetricsOf"/>.</param>
    public KShortestPaths(Topology topology, IReadOnlyList<double>? metrics = null)
    {
        _topology = topology;
        _metrics = metrics is null ? IgpPathCalculator.MetricsOf(topology) : [.. metrics];
        _from = [.. topology.Links.Select(link => link.From.Index)];
        _to = [.. topology.Links.Select(link => link.To.Index)];
        _whole = new (double, int)[]?[topology.NodeCount];
        _open = new (double, int)[topology.NodeCount];
        _closedNodes = new bool[topology.NodeCount];
        _closedLinks = new bool[topology.Links.Count];
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
        if (_whole[to.Index] is null)
        {
            Search(_whole[to.Index] = new (double, int)[_topology.NodeCount], to, -1);
        }
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
                    _closedLinks[other.Links[i].Index] = true;
                }
            }
            if (Shortest(root, path.From, at, path.To) is { } candidate)
            {
                candidates.Add(candidate);
            }
            Array.Clear(_closedLinks);
            _closedNodes[at.Index] = true;
            at = _topology.Links[path.Links[i].Index].To;
        }
        Array.Clear(_closedNodes);
    }

    /// <summary>The first of the paths over what is not closed; null where there is none.</summary>
    /// <param name="root">The beginning of the path, which ends at <paramref name="at"/>.</param>
    private RoutedPath? Shortest(LinkId[] root, NodeId from, NodeId at, NodeId to)
    {
        List<LinkId> links = [.. root];
        if (!TryGo(_whole[to.Index]!, at, to, links))
        {
            links = [.. root];
            Search(_open, to, at.Index);
            if (!TryGo(_open, at, to, links))
            {
                return null;
            }
        }
        return new RoutedPath(from, to, links, links.Sum(link => _metrics[link.Index]));
    }

    /// <summary>Dijkstra from the end over what is not closed, by length and then number of links.</summary>
    /// <param name="left">Set to what is left of a path from each node that is not farther than <paramref name="until"/>.</param>
    /// <param name="until">A node; −1: all are set.</param>
    private void Search((double Distance, int Links)[] left, NodeId to, int until)
    {
        Array.Fill(left, (double.PositiveInfinity, 0));
        left[to.Index] = (0, 0);
        _queue.Clear();
        _queue.Enqueue(to.Index, (0, 0));
        while (_queue.TryDequeue(out int node, out (double Distance, int Links) here) && node != until)
        {
            if (here != left[node])
            {
                continue;
            }
            foreach (int link in _topology.InLinks(new NodeId(node)))
            {
                int neighbour = _from[link];
                (double Distance, int Links) through = (_metrics[link] + here.Distance, here.Links + 1);
                if (IsBefore(through, left[neighbour]) && !_closedNodes[neighbour] && !_closedLinks[link])
                {
                    left[neighbour] = through;
                    _queue.Enqueue(neighbour, through);
                }
            }
        }
    }

    /// <summary>
    /// Adds the rest of a path: by the links of the lowest index among those of the least that is left. Where that was found without
    /// heeding what is closed it is a bound, and a way that keeps to it is the first one all the same.
    /// </summary>
    /// <returns>False: that way is closed.</returns>
    private bool TryGo((double Distance, int Links)[] left, NodeId at, NodeId to, List<LinkId> links)
    {
        (double, int) wanted = (double.PositiveInfinity, 0);
        foreach (int link in _topology.OutLinks(at))
        {
            if (IsBefore(Through(link), wanted) && IsOpen(link))
            {
                wanted = Through(link);
            }
        }
        for (NodeId node = at; node != to; wanted = left[node.Index])
        {
            int first = int.MaxValue;
            foreach (int link in _topology.OutLinks(node))
            {
                if (link < first && Through(link) == wanted && IsOpen(link))
                {
                    first = link;
                }
            }
            if (first == int.MaxValue)
            {
                return false;
            }
            links.Add(new LinkId(first));
            node = new NodeId(_to[first]);
        }
        return true;

        (double, int) Through(int link)
        {
            (double distance, int count) = left[_to[link]];
            return (_metrics[link] + distance, count + 1);
        }

        bool IsOpen(int link) =>
            _to[link] != at.Index && !_closedNodes[_to[link]] && !_closedLinks[link];
    }

    private static bool IsBefore((double Distance, int Links) a, (double Distance, int Links) b) =>
        a.Distance < b.Distance || (a.Distance == b.Distance && a.Links < b.Links);

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
