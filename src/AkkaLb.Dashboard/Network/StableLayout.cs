using AkkaLb.Domain.Network;

namespace AkkaLb.Dashboard.Network;

/// <summary>
/// Places for the nodes of a topology, which has none of its own: springs along its links and a push between all nodes (Fruchterman and
/// Reingold, 1991), from a circle in the order of the nodes, so that the same topology looks the same every time.
/// </summary>
internal static class StableLayout
{
    private const int Rounds = 400;

    // Circles to begin with: which one nodes cross least from is not known before.
    private const int MostStarts = 12, ManyNodes = 100;

    /// <returns>A place in [0, 1] × [0, 1] for each node.</returns>
    public static (double X, double Y)[] Of(Topology topology)
    {
        int nodes = topology.NodeCount;
        (int From, int To)[] pairs =
            [.. topology.Links.Select(link =>
                (Math.Min(link.From.Index, link.To.Index), Math.Max(link.From.Index, link.To.Index))).Distinct()];
        // Every k-th node stands beside the one before it.
        IEnumerable<int> strides = Enumerable.Range(1, nodes).Where(k => k == 1 || (k < nodes && Gcd(k, nodes) == 1));
        return strides.Take(nodes > ManyNodes ? 1 : MostStarts)
            .SelectMany(stride => new[] { false, true }.Select(swapped => From(nodes, pairs, stride, swapped)))
            .MinBy(places => Crossings(places, pairs))!;
    }

    private static (double X, double Y)[] From(int nodes, (int From, int To)[] pairs, int stride, bool swapped)
    {
        double[] x = new double[nodes], y = new double[nodes];
        for (int place = 0; place < nodes; place++)
        {
            int node = (int)((long)place * stride % nodes);
            // The first two change places: a circle of four has no other strides.
            node = swapped && nodes > 1 && node < 2 ? 1 - node : node;
            (y[node], x[node]) = Math.SinCos(2 * Math.PI * place / nodes);
        }
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

    private static int Crossings((double X, double Y)[] places, (int From, int To)[] pairs)
    {
        int crossings = 0;
        for (int i = 0; i < pairs.Length; i++)
        {
            for (int j = i + 1; j < pairs.Length; j++)
            {
                (int a, int b) = pairs[i];
                (int c, int d) = pairs[j];
                bool apart = a != c && a != d && b != c && b != d;
                crossings += apart && Side(a, b, c) != Side(a, b, d) && Side(c, d, a) != Side(c, d, b) ? 1 : 0;
            }
        }
        return crossings;

        bool Side(int from, int to, int of) =>
            (places[to].X - places[from].X) * (places[of].Y - places[from].Y)
                > (places[to].Y - places[from].Y) * (places[of].X - places[from].X);
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);

    private static (double X, double Y)[] Scale(double[] x, double[] y)
    {
        (double left, double top) = (x.Min(), y.Min());
        (double width, double height) = (Math.Max(1e-9, x.Max() - left), Math.Max(1e-9, y.Max() - top));
        return [.. x.Zip(y, (across, down) => ((across - left) / width, (down - top) / height))];
    }
}
