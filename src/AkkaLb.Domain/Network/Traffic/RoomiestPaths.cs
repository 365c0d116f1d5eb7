namespace AkkaLb.Domain.Network;

/// <summary>
/// The paths with most room between all pairs of nodes: Dijkstra from every node with the cost 10⁴/(remaining + 10⁻⁴) of a link. Same
/// capacities, same paths, on any number of processors.
/// </summary>
internal sealed class RoomiestPaths(Topology topology)
{
    private readonly int[][] _arrivedBy = [.. Enumerable.Range(0, topology.NodeCount).Select(_ => new int[topology.NodeCount])];
    private readonly double[] _costs = new double[topology.LinkCount];
    private readonly List<int> _path = [];

    /// <param name="remaining">Of every link, bit/s.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Find(double[] remaining, CancellationToken cancellation)
    {
        for (int link = 0; link < _costs.Length; link++)
        {
            _costs[link] = 1e4 / (remaining[link] + 1e-4);
        }

        Parallel.For(
            0, topology.NodeCount, new ParallelOptions { CancellationToken = cancellation },
            () => (Cost: new double[topology.NodeCount], Queue: new PriorityQueue<int, (double Cost, int Node)>()),
            (start, _, scratch) =>
            {
                From(start, scratch.Cost, scratch.Queue);
                return scratch;
            },
            _ => { });
    }

    /// <summary>The links of a path, last one first; valid until the next call.</summary>
    public List<int> Path(int start, int end)
    {
        _path.Clear();
        for (int node = end; node != start; node = topology.Links[_path[^1]].From.Index)
        {
            _path.Add(_arrivedBy[start][node]);
        }

        return _path;
    }

    private void From(int start, double[] cost, PriorityQueue<int, (double Cost, int Node)> queue)
    {
        int[] arrivedBy = _arrivedBy[start];
        Array.Fill(cost, double.PositiveInfinity);
        cost[start] = 0;
        queue.Enqueue(start, (0, start));
        while (queue.TryDequeue(out int node, out (double Cost, int Node) priority))
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
}
