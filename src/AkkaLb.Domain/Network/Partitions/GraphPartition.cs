namespace AkkaLb.Domain.Network.Partitions;

/// <summary>
/// The links of a topology in cells of about equal size, such that few neighbours, links that exchange states, are in different cells, and
/// cells with near numbers are near each other: whoever takes a range of cells takes a neighbourhood. Deterministic.
/// </summary>
/// <remarks>
/// Recursive bisection: a half grows greedily from several starts, and is refined by moves of the best gain with rollback (Fiduccia and
/// Mattheyses, "A linear-time heuristic for improving network partitions", DAC 1982); the least cut is taken.
/// </remarks>
public sealed class GraphPartition
{
    private readonly int[][] _neighbours;

    private GraphPartition(int[][] neighbours, int cells, int[] cellOf)
    {
        _neighbours = neighbours;
        (Cells, CellOf) = (cells, cellOf);
        Cut = CutOf(cellOf);
    }

    public int Cells { get; }

    /// <summary>The cell of each link, 0 … cells − 1.</summary>
    public IReadOnlyList<int> CellOf { get; }

    /// <summary>Pairs of neighbours in different cells.</summary>
    public int Cut { get; }

    /// <summary>Pairs of neighbours.</summary>
    public int Pairs => _neighbours.Sum(near => near.Length) / 2;

    /// <param name="cells">At least 1; no more than links are made.</param>
    public static GraphPartition Of(Topology topology, int cells)
    {
        int links = topology.LinkCount;
        var near = new SortedSet<int>[links];
        for (int link = 0; link < links; link++)
        {
            near[link] = [];
        }
        for (int link = 0; link < links; link++)
        {
            foreach (int successor in topology.Successors(new LinkId(link)))
            {
                if (successor != link)
                {
                    near[link].Add(successor);
                    near[successor].Add(link);
                }
            }
        }
        int[][] neighbours = [.. near.Select(set => set.ToArray())];
        cells = Math.Clamp(cells, 1, Math.Max(1, links));
        int[] cellOf = new int[links];
        Split(neighbours, [.. Enumerable.Range(0, links)], 0, cells, cellOf);
        return new GraphPartition(neighbours, cells, cellOf);
    }

    /// <summary>Pairs of neighbours in different parts.</summary>
    /// <param name="partOf">Of each link.</param>
    public int CutOf(IReadOnlyList<int> partOf)
    {
        int cut = 0;
        for (int link = 0; link < _neighbours.Length; link++)
        {
            foreach (int other in _neighbours[link])
            {
                cut += link < other && partOf[link] != partOf[other] ? 1 : 0;
            }
        }
        return cut;
    }

    private static void Split(int[][] neighbours, int[] links, int first, int cells, int[] cellOf)
    {
        if (cells == 1)
        {
            foreach (int link in links)
            {
                cellOf[link] = first;
            }
            return;
        }
        int left = cells / 2;
        bool[] inFirst = new Bisection(neighbours, links, (int)((long)links.Length * left / cells)).Best();
        Split(neighbours, [.. links.Where(link => inFirst[link])], first, left, cellOf);
        Split(neighbours, [.. links.Where(link => !inFirst[link])], first + left, cells - left, cellOf);
    }
}
