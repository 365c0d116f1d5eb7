namespace AkkaLb.Domain.Network;

/// <summary>
/// The paths with most room: Dijkstra with the cost 10⁴/(remaining + 10⁻⁴) of a link. Same capacities, same paths, on any number of
/// processors.
/// </summary>
internal sealed class RoomiestPaths(Topology topology)
{
    private readonly int[][] _arrivedBy = [.. Enumerable.Range(0, topology.NodeCount).Select(_ => new int[topology.NodeCount])];
    private readonly double[] _costs = new double[topology.LinkCount];
    private readonly Search _search = new(topology.NodeCount);
    private readonly List<int> _path = [];

    /// <param name="remaining">Of the link, bit/s; holds for the paths that are found from now on.</param>
    public void SetRoom(int link, double remaining) => _costs[link] = 1e4 / (remaining + 1e-4);

    /// <summary>Finds the path of one pair.</summary>
    public void Find(int start, int end) => From(start, end, _search);

    /// <summary>Finds the paths of all pairs.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void FindAll(CancellationToken cancellation) => Parallel.For(
        0, topology.NodeCount, new ParallelOptions { CancellationToken = cancellation },
        () => new Search(topology.NodeCount),
        (start, _, search) =>
        {
            From(start, end: -1, search);
            return search;
        },
        _ => { });

    /// <summary>The links of the path that was found last, last one first; valid until the next call.</summary>
    public List<int> Path(int start, int end)
    {
        _path.Clear();
        for (int node = end; node != start; node = topology.Links[_path[^1]].From.Index)
        {
            _path.Add(_arrivedBy[start][node]);
        }

        return _path;
    }

    /// <param name="end">Where to stop; −1: nowhere.</param>
    private void From(int start, int end, Search search)
    {
        int[] arrivedBy = _arrivedBy[start];
        (double[] cost, PriorityQueue<int, (double Cost, int Node)> queue) = (search.Cost, search.Queue);
        Array.Fill(cost, double.PositiveInfinity);
        queue.Clear();
        cost[start] = 0;
        queue.Enqueue(start, (0, start));
        while (queue.TryDequeue(out int node, out (double Cost, int Node) priority) && node != end)
        {
            if (priority.Cost > cost[node])
            {
                continue;
            }

            foreach (int link in topology.OutLinks(new NodeId(node)))
            {
                int neighbour = topology.Links[link].To.Index;
                double through = cost[node] + _costs[link];
                if (through < cost[neighbour])
                {
                    cost[neighbour] = through;
                    arrivedBy[neighbour] = link;
                    queue.Enqueue(neighbour, (through, neighbour));
                }
            }
        }
    }

    /// <summary>What one search at a time works with.</summary>
    private sealed class Search(int nodes)
    {
        public double[] Cost { get; } = new double[nodes];

        public PriorityQueue<int, (double Cost, int Node)> Queue { get; } = new();
    }
}
