namespace AkkaLb.Domain.Network;

/// <summary>All next hops on paths of the least sum of IGP metrics, in link order: what OSPF and IS-IS with ECMP or WCMP use.</summary>
public sealed class IgpPathCalculator : IPathCalculator
{
    /// <summary>
    /// Sums that differ by less are equal, in units of the sum: metrics need not be whole numbers. Much more than what rounding does to a
    /// sum, much less than what tells the largest sums of whole metrics apart.
    /// </summary>
    private const double Tolerance = 1e-12;

    private readonly Topology _topology;
    private readonly double[] _metrics;
    private readonly double[][] _distancesTo;

    /// <param name="topology">What to route on.</param>
    /// <param name="metrics">One per link, positive; null for <see cref="MetricsOf"/>.</param>
    public IgpPathCalculator(Topology topology, IReadOnlyList<double>? metrics = null)
    {
        _topology = topology;
        _metrics = metrics is null ? MetricsOf(topology) : [.. metrics];
        _distancesTo = [.. Enumerable.Range(0, topology.NodeCount).Select(_ => new double[topology.NodeCount])];
        var queue = new PriorityQueue<int, double>();
        for (int node = 0; node < topology.NodeCount; node++)
        {
            SetDistances(topology, _metrics, node, _distancesTo[node], queue);
        }
    }

    public string Name => "igp";

    public bool ByDestination => true;

    /// <summary>
    /// The topology's own metrics where all links have one, else the highest capacity over the link's own, at most
    /// <see cref="Topology.HighestMetric"/>.
    /// </summary>
    /// <exception cref="InvalidInputException">Its own are so far apart that a sum over a path may lose the least of them.</exception>
    public static double[] MetricsOf(Topology topology)
    {
        if (HasOwnMetrics(topology))
        {
            ThrowIfSumsLose(topology);
            return [.. topology.Links.Select(link => link.Metric!.Value)];
        }

        double highest = topology.Capacities.ToArray().Max();
        return [.. topology.Links.Select(link => Math.Min(highest / link.Capacity, Topology.HighestMetric))];
    }

    /// <summary>
    /// A distance to which a metric adds nothing leaves its nodes as far as their next hops, and so without any. Such metrics are refused
    /// and not ordered by hops: no router knows them.
    /// </summary>
    private static void ThrowIfSumsLose(Topology topology)
    {
        const double lossless = 1L << 52;
        int least = 0, largest = 0;
        for (int link = 1; link < topology.LinkCount; link++)
        {
            double metric = topology.Links[link].Metric!.Value;
            least = metric < topology.Links[least].Metric!.Value ? link : least;
            largest = metric > topology.Links[largest].Metric!.Value ? link : largest;
        }

        double limit = lossless / (topology.NodeCount - 1);
        double low = topology.Links[least].Metric!.Value, high = topology.Links[largest].Metric!.Value;
        if (high > low * limit)
        {
            string from = topology.Describe(new LinkId(least)), to = topology.Describe(new LinkId(largest));
            throw new InvalidInputException(FormattableString.Invariant(
                $"{topology.Name}: link {from} has weight {low:R} and link {to} {high:R}, expected metrics that are at most {limit:G2} ")
                + $"times apart for {topology.NodeCount} nodes, as sums over paths lose lesser ones");
        }
    }

    public static bool HasOwnMetrics(Topology topology) => topology.Links.All(link => link.Metric is not null);

    public IReadOnlyList<LinkId> NextHops(NodeId at, NodeId? previous, NodeId source, NodeId destination)
    {
        double[] distances = _distancesTo[destination.Index];
        double here = distances[at.Index];
        var hops = new List<LinkId>();
        foreach (int link in _topology.OutLinks(at))
        {
            if (IsOnShortestPath(here, distances[_topology.Links[link].To.Index], _metrics[link]))
            {
                hops.Add(new LinkId(link));
            }
        }

        return hops;
    }

    internal static bool IsOnShortestPath(double here, double there, double metric) =>
        there < here && !double.IsInfinity(here) && there + metric <= here * (1 + Tolerance);

    /// <summary>Dijkstra backwards from a destination.</summary>
    /// <param name="distances">Set to the distance of every node; infinity where there is no path.</param>
    /// <param name="queue">Empty, before and after.</param>
    internal static void SetDistances(
        Topology topology, ReadOnlySpan<double> metrics, int destination, double[] distances, PriorityQueue<int, double> queue)
    {
        Array.Fill(distances, double.PositiveInfinity);
        distances[destination] = 0;
        queue.Enqueue(destination, 0);
        while (queue.TryDequeue(out int node, out double distance))
        {
            if (distance > distances[node])
            {
                continue;
            }

            foreach (int link in topology.InLinks(new NodeId(node)))
            {
                int neighbour = topology.Links[link].From.Index;
                double through = distance + metrics[link];
                if (through < distances[neighbour])
                {
                    distances[neighbour] = through;
                    queue.Enqueue(neighbour, through);
                }
            }
        }
    }
}
