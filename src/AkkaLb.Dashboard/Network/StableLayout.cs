using AkkaLb.Domain.Network;

namespace AkkaLb.Dashboard.Network;

/// <summary>
/// Places for the nodes of a topology, which has none of its own: springs along its links and a push between all nodes (Fruchterman and
/// Reingold, 1991), from a circle in the order of the nodes, so that the same topology looks the same every time.
/// </summary>
internal static class StableLayout
{
    private const int Rounds = 400;

    /// <returns>A place in [0, 1] × [0, 1] for each node.</returns>
    public static (double X, double Y)[] Of(Topology topology)
    {
        int nodes = topology.NodeCount;
        double[] x = new double[nodes], y = new double[nodes];
        for (int node = 0; node < nodes; node++)
        {
            (y[node], x[node]) = Math.SinCos(2 * Math.PI * node / nodes);
        }
        (int From, int To)[] pairs =
            [.. topology.Links.Select(link => (Math.Min(link.From.Index, link.To.Index), Math.Max(link.From.Index, link.To.Index))).Distinct()];
        double ideal = 2 / Math.Sqrt(nodes);
        for (int round = 0; round < Rounds; round++)
        {
            Move(x, y, pairs, ideal, 0.2 * (1 - (double)round / Rounds));
        }
        return Scale(x, y);
    }

    private static void Move(double[] x, double[] y, (int From, int To)[] pairs, double ideal, double most)
    {
        double[] dx = new double[x.Length], dy = new double[x.Length];
        for (int a = 0; a < x.Length; a++)
        {
            for (int b = a + 1; b < x.Length; b++)
            {
                double distance = Distance(a, b);
                Push(a, b, ideal * ideal / (distance * distance));
            }
        }
        foreach ((int a, int b) in pairs)
        {
            Push(a, b, -Distance(a, b) / ideal);
        }
        for (int node = 0; node < x.Length; node++)
        {
            double length = Math.Max(1e-9, Math.Sqrt(dx[node] * dx[node] + dy[node] * dy[node])), step = Math.Min(length, most) / length;
            (x[node], y[node]) = (x[node] + dx[node] * step, y[node] + dy[node] * step);
        }

        double Distance(int a, int b) => Math.Max(1e-3, Math.Sqrt((x[a] - x[b]) * (x[a] - x[b]) + (y[a] - y[b]) * (y[a] - y[b])));

        void Push(int a, int b, double force)
        {
            (double fx, double fy) = ((x[a] - x[b]) * force, (y[a] - y[b]) * force);
            (dx[a], dy[a], dx[b], dy[b]) = (dx[a] + fx, dy[a] + fy, dx[b] - fx, dy[b] - fy);
        }
    }

    private static (double X, double Y)[] Scale(double[] x, double[] y)
    {
        (double left, double top) = (x.Min(), y.Min());
        (double width, double height) = (Math.Max(1e-9, x.Max() - left), Math.Max(1e-9, y.Max() - top));
        return [.. x.Zip(y, (across, down) => ((across - left) / width, (down - top) / height))];
    }
}
