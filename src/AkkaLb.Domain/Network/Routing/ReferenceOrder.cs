namespace AkkaLb.Domain.Network;

/// <summary>
/// Puts the neighbour lists of a DAG into the order in which the reference implementation leaves them (specification section 11, B18). It
/// tabulates distances by taking up to three nodes out of the graph and putting them back, and whatever is put back goes to the end of its
/// neighbours' lists. The candidate order, and with it every Φ, depends on that, so the removals are replayed here; the distances
/// themselves are of no interest.
/// </summary>
internal sealed class ReferenceOrder
{
    /// <summary>
    /// Node sets are kept as bits of a word. The reference cannot prepare a topology of this size in reasonable time, so there is
    /// nothing to agree with beyond it, and larger ones keep their order of insertion.
    /// </summary>
    private const int MaxNodes = 64;

    private readonly int[][] _successors, _predecessors;
    private readonly int[] _nodeOfRank, _rankOfNode;
    private readonly int[] _forwardParent, _backwardParent;

    private ReferenceOrder(IReadOnlyList<string> labels, int[][] successors, int[][] predecessors)
    {
        _successors = successors;
        _predecessors = predecessors;
        _nodeOfRank = [.. Enumerable.Range(0, labels.Count).OrderBy(node => labels[node], StringComparer.Ordinal)];
        _rankOfNode = new int[labels.Count];
        for (int rank = 0; rank < labels.Count; rank++)
        {
            _rankOfNode[_nodeOfRank[rank]] = rank;
        }

        _forwardParent = new int[labels.Count];
        _backwardParent = new int[labels.Count];
    }

    public static void Apply(IReadOnlyList<string> labels, int[][] successors, int[][] predecessors)
    {
        if (labels.Count <= MaxNodes)
        {
            new ReferenceOrder(labels, successors, predecessors).Replay();
        }
    }

    /// <summary>All pairs in label order; for each, all sets of up to three removed nodes, later labels first.</summary>
    private void Replay()
    {
        foreach (int source in _nodeOfRank)
        {
            foreach (int destination in _nodeOfRank)
            {
                if (source != destination && TryFindPath(source, destination, [], out ulong path))
                {
                    Remove(source, destination, path, []);
                }
            }
        }
    }

    /// <param name="source">Start of the pair; never removed.</param>
    /// <param name="destination">End of the pair; never removed.</param>
    /// <param name="path">Nodes on the current shortest path.</param>
    /// <param name="removed">At most two nodes, ascending in label.</param>
    private void Remove(int source, int destination, ulong path, ReadOnlySpan<int> removed)
    {
        Span<int> more = stackalloc int[removed.Length + 1];
        removed.CopyTo(more);
        int firstRank = removed.Length == 0 ? 0 : _rankOfNode[removed[^1]] + 1;
        for (int rank = _nodeOfRank.Length - 1; rank >= firstRank; rank--)
        {
            int node = more[^1] = _nodeOfRank[rank];
            bool onPath = (path >> node & 1) != 0;
            if (node == source || node == destination)
            {
                continue;
            }

            // The graph is touched only when the path is hit. With three nodes out nobody looks at the new path any more.
            ulong detour = path;
            bool reachable = !onPath || more.Length == 3 || TryFindPath(source, destination, more, out detour);
            if (onPath)
            {
                PutBack(more);
            }

            if (reachable && more.Length < 3)
            {
                Remove(source, destination, detour, more);
            }
        }
    }

    /// <summary>
    /// The nodes of the shortest path that networkx finds: a search from both ends which always advances the smaller fringe.
    /// </summary>
    private bool TryFindPath(int source, int destination, ReadOnlySpan<int> removed, out ulong path)
    {
        ulong excluded = Bits(removed), forward = 1UL << source, backward = 1UL << destination;
        Span<int> fringe = stackalloc int[MaxNodes], reverseFringe = stackalloc int[MaxNodes], level = stackalloc int[MaxNodes];
        fringe[0] = source;
        reverseFringe[0] = destination;
        int fringeCount = 1, reverseCount = 1;
        path = 0;
        while (fringeCount > 0 && reverseCount > 0)
        {
            bool isForward = fringeCount <= reverseCount;
            int meeting = isForward
                ? Advance(_successors, fringe, ref fringeCount, level, _forwardParent, ref forward, backward, excluded)
                : Advance(_predecessors, reverseFringe, ref reverseCount, level, _backwardParent, ref backward, forward, excluded);
            if (meeting >= 0)
            {
                path = 1UL << meeting;
                for (int node = meeting; node != source; path |= 1UL << node)
                {
                    node = _forwardParent[node];
                }

                for (int node = meeting; node != destination; path |= 1UL << node)
                {
                    node = _backwardParent[node];
                }

                return true;
            }
        }

        return false;
    }

    private static int Advance(
        int[][] neighbours, Span<int> fringe, ref int count, Span<int> level, int[] parent, ref ulong seen, ulong other, ulong excluded)
    {
        int levelCount = count;
        fringe[..levelCount].CopyTo(level);
        count = 0;
        foreach (int node in level[..levelCount])
        {
            foreach (int neighbour in neighbours[node])
            {
                ulong bit = 1UL << neighbour;
                if ((excluded & bit) != 0)
                {
                    continue;
                }

                if ((seen & bit) == 0)
                {
                    seen |= bit;
                    parent[neighbour] = node;
                    fringe[count++] = neighbour;
                }

                if ((other & bit) != 0)
                {
                    return neighbour;
                }
            }
        }

        return -1;
    }

    /// <summary>
    /// What taking out and putting back leaves behind: the nodes go to the end of their neighbours' lists, in label order; in
    /// their own lists those among them that were taken out earlier come first.
    /// </summary>
    private void PutBack(ReadOnlySpan<int> removed)
    {
        ulong all = Bits(removed);
        for (int i = 0; i < removed.Length; i++)
        {
            MoveToEnd(_successors, _predecessors[removed[i]], removed[i], all);
            MoveToEnd(_predecessors, _successors[removed[i]], removed[i], all);
        }

        for (int i = 1; i < removed.Length; i++)
        {
            for (int j = i - 1; j >= 0; j--)
            {
                MoveToFront(_successors[removed[i]], removed[j]);
                MoveToFront(_predecessors[removed[i]], removed[j]);
            }
        }
    }

    private static void MoveToEnd(int[][] lists, int[] owners, int node, ulong except)
    {
        foreach (int owner in owners)
        {
            if ((except >> owner & 1) == 0)
            {
                Span<int> list = lists[owner];
                int at = 0;
                while (list[at] != node)
                {
                    at++;
                }

                for (; at + 1 < list.Length; at++)
                {
                    list[at] = list[at + 1];
                }

                list[^1] = node;
            }
        }
    }

    private static void MoveToFront(Span<int> list, int node)
    {
        int at = list.Length - 1;
        while (at >= 0 && list[at] != node)
        {
            at--;
        }

        for (; at > 0; at--)
        {
            (list[at], list[at - 1]) = (list[at - 1], list[at]);
        }
    }

    private static ulong Bits(ReadOnlySpan<int> nodes)
    {
        ulong bits = 0;
        foreach (int node in nodes)
        {
            bits |= 1UL << node;
        }

        return bits;
    }
}
