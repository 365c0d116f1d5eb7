using AkkaLb.Domain.Network;

namespace AkkaLb.Dashboard.Network;

/// <summary>Where nodes are drawn: as the topology's file has it, else as <see cref="StableLayout"/> does.</summary>
internal static class NodePlaces
{
    // Of the drawing's width; nodes nearer than that would hide each other.
    private const double Apart = 0.045;

    private const int Rounds = 200;

    /// <returns>A place in [0, 1] × [0, 1] for each node, y downwards.</returns>
    public static (double X, double Y)[] Of(Topology topology) => FromFile(topology) ?? StableLayout.Of(topology);

    /// <returns>Null where fewer than half of the nodes have a position, or all have the same.</returns>
    private static (double X, double Y)[]? FromFile(Topology topology)
    {
        NodePosition?[] positions = [.. topology.Positions];
        NodePosition[] given = [.. positions.OfType<NodePosition>()];
        if (2 * given.Length < topology.NodeCount || given.Distinct().Count() < 2)
        {
            return null;
        }
        AddBetweenNeighbours(positions, topology);
        double[] x = [.. positions.Select(position => position?.X ?? given.Average(p => p.X))];
        double[] y = [.. positions.Select(position => -(position?.Y ?? given.Average(p => p.Y)))];
        (x, y) = (Scale(x), Scale(y));
        for (int round = 0; round < Rounds && Separate(x, y); round++)
        {
        }
        return [.. Scale(x).Zip(Scale(y), (across, down) => (across, down))];
    }

    /// <summary>A node without a position stands in the middle of its neighbours that have one.</summary>
    private static void AddBetweenNeighbours(NodePosition?[] positions, Topology topology)
    {
        ILookup<int, int> neighbours = topology.Links
            .SelectMany(link => new[] { (Of: link.From.Index, Is: link.To.Index), (Of: link.To.Index, Is: link.From.Index) }).Distinct()
            .ToLookup(pair => pair.Of, pair => pair.Is);
        bool more = true;
        while (more)
        {
            more = false;
            for (int node = 0; node < positions.Length; node++)
            {
                NodePosition[] around = [.. neighbours[node].Select(neighbour => positions[neighbour]).OfType<NodePosition>()];
                if (positions[node] is null && around.Length > 0)
                {
                    positions[node] = new NodePosition(around.Average(p => p.X), around.Average(p => p.Y));
                    more = true;
                }
            }
        }
    }

    /// <returns>Whether any two nodes were too near.</returns>
    private static bool Separate(double[] x, double[] y)
    {
        bool near = false;
        for (int a = 0; a < x.Length; a++)
        {
            for (int b = a + 1; b < x.Length; b++)
            {
                double dx = x[b] - x[a], dy = y[b] - y[a], distance = Math.Sqrt(dx * dx + dy * dy);
                if (distance >= Apart - 1e-9)
                {
                    continue;
                }
                near = true;
                // Two at one place go apart in a direction that their numbers choose.
                (double uy, double ux) = distance < 1e-9 ? Math.SinCos(a + 2.4 * b) : (dy / distance, dx / distance);
                double step = (Apart - distance) / 2;
                (x[a], y[a], x[b], y[b]) = (x[a] - ux * step, y[a] - uy * step, x[b] + ux * step, y[b] + uy * step);
            }
        }
        return near;
    }

    /// <summary>To [0, 1]; all in the middle where they do not differ.</summary>
    private static double[] Scale(double[] values)
    {
        double least = values.Min(), range = values.Max() - least;
        return [.. values.Select(value => range > 0 ? (value - least) / range : 0.5)];
    }
}
