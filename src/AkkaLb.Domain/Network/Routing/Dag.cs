using System.Buffers;

namespace AkkaLb.Domain.Network;

/// <summary>One of the two acyclic halves of a topology: all links from lower to higher numbers, or all from higher to lower.</summary>
/// <param name="Successors">For every node its out-neighbours, in the order in which they become candidates.</param>
/// <param name="Predecessors">For every node its in-neighbours.</param>
internal sealed record Dag(int[][] Successors, int[][] Predecessors)
{
    public const int Unreachable = -1;

    private readonly int[]?[] _to = new int[Predecessors.Length][], _from = new int[Successors.Length][];

    /// <summary>Hop distance from every node to <paramref name="destination"/> without the removed nodes; not to be written to.</summary>
    public int[] DistancesTo(int destination, RemovedNodes removed) => Distances(Predecessors, _to, destination, removed);

    /// <summary>Hop distance from <paramref name="source"/> to every node without the removed nodes; not to be written to.</summary>
    public int[] DistancesFrom(int source, RemovedNodes removed) => Distances(Successors, _from, source, removed);

    /// <param name="whole">Distances without removed nodes, by root, as far as they were needed.</param>
    private static int[] Distances(int[][] neighbours, int[]?[] whole, int root, RemovedNodes removed)
    {
        int[] distances = whole[root] ??= Search(neighbours, root, RemovedNodes.None);
        removed = removed.Within(distances);
        return removed == RemovedNodes.None ? distances : Search(neighbours, root, removed);
    }

    private static int[] Search(int[][] neighbours, int root, RemovedNodes removed)
    {
        int[] distances = GC.AllocateUninitializedArray<int>(neighbours.Length);
        Array.Fill(distances, Unreachable);
        if (removed.Contains(root))
        {
            return distances;
        }

        int[] queue = ArrayPool<int>.Shared.Rent(neighbours.Length);
        int first = 0, end = 0;
        distances[root] = 0;
        for (queue[end++] = root; first < end; first++)
        {
            int node = queue[first];
            foreach (int neighbour in neighbours[node])
            {
                if (distances[neighbour] == Unreachable && !removed.Contains(neighbour))
                {
                    distances[neighbour] = distances[node] + 1;
                    queue[end++] = neighbour;
                }
            }
        }

        ArrayPool<int>.Shared.Return(queue);
        return distances;
    }
}

/// <summary>At most three nodes that a search leaves out; −1 in a free place.</summary>
internal readonly record struct RemovedNodes(int First, int Second, int Third)
{
    public static RemovedNodes None => new(-1, -1, -1);

    public bool Contains(int node) => node == First || node == Second || node == Third;

    /// <summary>Those that are reached.</summary>
    /// <param name="distances">Of every node.</param>
    public RemovedNodes Within(int[] distances) => new(Reached(distances, First), Reached(distances, Second), Reached(distances, Third));

    private static int Reached(int[] distances, int node) => node >= 0 && distances[node] != Dag.Unreachable ? node : -1;

    /// <summary>These and one more; the third place must be free.</summary>
    public RemovedNodes And(int node) => this with { Third = node };
}
