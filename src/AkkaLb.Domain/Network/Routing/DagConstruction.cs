namespace AkkaLb.Domain.Network;

/// <summary>
/// Splits a topology into its forward and reverse DAG (specification section 6.5, preparation 1–4): number the nodes in depth-first
/// pre-order of the undirected graph, from the first node whose search tree is deepest; links to higher numbers go forward.
/// </summary>
internal static class DagConstruction
{
    public static (int[] Numbers, Dag Forward, Dag Reverse) Build(Topology topology)
    {
        List<int>[] undirected = UndirectedAdjacency(topology);
        int[] numbers = Number(undirected);

        int nodes = topology.NodeCount;
        var forward = new Growing(nodes);
        var reverse = new Growing(nodes);

        // The orders of insertion are the reference's; they decide the candidate order. So every undirected edge first becomes an
        // arc from its lower number, in scanning order, and then the arcs are added node by node.
        var arcs = NewLists(nodes);
        for (int a = 0; a < nodes; a++)
        {
            foreach (int b in undirected[a])
            {
                (int low, int high) = numbers[a] < numbers[b] ? (a, b) : (b, a);
                if (!arcs[low].Contains(high))
                {
                    arcs[low].Add(high);
                }
            }
        }

        for (int low = 0; low < nodes; low++)
        {
            foreach (int high in arcs[low])
            {
                forward.Add(topology, low, high);
                reverse.Add(topology, high, low);
            }
        }

        // Replaying the reference's removals takes most of the time, and the halves have nothing to do with one another.
        Dag[] halves = [.. new[] { forward, reverse }.AsParallel().AsOrdered().Select(half => half.Freeze(topology))];
        return (numbers, halves[0], halves[1]);
    }

    private static List<int>[] UndirectedAdjacency(Topology topology)
    {
        List<int>[] neighbours = NewLists(topology.NodeCount);
        foreach (Link link in topology.Links)
        {
            (int from, int to) = (link.From.Index, link.To.Index);
            if (!neighbours[from].Contains(to))
            {
                neighbours[from].Add(to);
                neighbours[to].Add(from);
            }
        }

        return neighbours;
    }

    /// <summary>Numbers from 1; a component that the first root does not reach continues the numbering from a root of its own.</summary>
    private static int[] Number(List<int>[] neighbours)
    {
        var numbers = new int[neighbours.Length];
        int next = 1;
        while (Array.IndexOf(numbers, 0) >= 0)
        {
            int root = -1, deepest = 0;
            for (int node = 0; node < neighbours.Length; node++)
            {
                if (numbers[node] == 0)
                {
                    int depth = Search(neighbours, node, new int[neighbours.Length], 1).Depth;
                    if (depth > deepest)
                    {
                        (root, deepest) = (node, depth);
                    }
                }
            }

            next = Search(neighbours, root, numbers, next).Next;
        }

        return numbers;
    }

    private static (int Depth, int Next) Search(List<int>[] neighbours, int root, int[] numbers, int next)
    {
        int depth = 0;
        var path = new Stack<(int Node, int Position)>();
        path.Push((root, 0));
        numbers[root] = next++;
        while (path.TryPop(out (int Node, int Position) top))
        {
            depth = Math.Max(depth, path.Count + 1);
            for (int i = top.Position; i < neighbours[top.Node].Count; i++)
            {
                int child = neighbours[top.Node][i];
                if (numbers[child] == 0)
                {
                    numbers[child] = next++;
                    path.Push((top.Node, i + 1));
                    path.Push((child, 0));
                    break;
                }
            }
        }

        return (depth, next);
    }

    private static List<int>[] NewLists(int count) => [.. Enumerable.Range(0, count).Select(_ => new List<int>())];

    private sealed class Growing(int nodes)
    {
        private readonly List<int>[] _successors = NewLists(nodes), _predecessors = NewLists(nodes);

        /// <summary>Adds the arc if the topology has a link in that direction; one-way links are in one DAG only.</summary>
        public void Add(Topology topology, int from, int to)
        {
            foreach (int link in topology.OutLinks(new NodeId(from)))
            {
                if (topology.Links[link].To.Index == to)
                {
                    _successors[from].Add(to);
                    _predecessors[to].Add(from);
                    return;
                }
            }
        }

        public Dag Freeze(Topology topology)
        {
            var dag = new Dag([.. _successors.Select(list => list.ToArray())], [.. _predecessors.Select(list => list.ToArray())]);
            ReferenceOrder.Apply(topology.Labels, dag.Successors, dag.Predecessors);
            return dag;
        }
    }
}
