using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Routes traffic over the k shortest paths of every pair of nodes, split at the source in proportion to weights that belong to the paths:
/// what segment routing does with weighted segment lists. Flows choose by rendezvous hash, demands are split exactly. Immutable.
/// </summary>
public sealed class PathRouter : ITrafficRouter
{
    public const int DefaultPathCount = 4, MostPathCount = 64;

    // Of all pairs together: what is found in about a minute.
    private const int MostPaths = 200_000;

    private readonly Topology _topology;
    private readonly RoutedPath[] _paths;
    private readonly (int First, int Count)[] _pairs;
    private readonly int[] _pairOf;
    private readonly int[][] _trafficOf;
    private readonly double[] _rates;
    private readonly double[][] _variates = [];

    /// <param name="topology">What to route on, by the metrics of <see cref="IgpPathCalculator.MetricsOf"/>.</param>
    /// <param name="demands">Split exactly.</param>
    /// <param name="pathCount">k, from 1 to <see cref="MostPathCount"/>.</param>
    /// <param name="allowDisconnected">Count demands without any path as unroutable instead of refusing them.</param>
    /// <exception cref="InvalidInputException">A demand has no path, or there are too many pairs.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while paths were found.</exception>
    public PathRouter(
        Topology topology, IReadOnlyList<Demand> demands, int pathCount, bool allowDisconnected = false,
        CancellationToken cancellation = default)
        : this(topology, [.. demands.Select(d => (d.From, d.To, d.Rate))], pathCount, allowDisconnected, cancellation)
    {
    }

    /// <param name="flows">Each takes one path.</param>
    /// <param name="hashSeed">Appended to the flow ids before hashing: decimal digits, or empty.</param>
    /// <inheritdoc cref="PathRouter(Topology, IReadOnlyList{Demand}, int, bool, CancellationToken)"/>
    public PathRouter(
        Topology topology, IReadOnlyList<ActiveFlow> flows, int pathCount, string hashSeed = "", bool allowDisconnected = false,
        CancellationToken cancellation = default)
        : this(topology, [.. flows.Select(f => (f.Start, f.End, f.Rate))], pathCount, allowDisconnected, cancellation)
    {
        ulong[] names = [.. _paths.Select(path => Fnv1A.Hash(string.Join('\0', path.Links.Select(link =>
            $"{topology.Labels[topology.Links[link.Index].From.Index]}\0{topology.Links[link.Index].Key}")
            .Append(topology.Labels[path.To.Index]))))];
        _variates = [.. flows.Select((flow, i) =>
        {
            (int first, int count) = _pairs[_pairOf[i]];
            ulong hash = Fnv1A.Hash(flow.Id.Value + hashSeed);
            return (double[])[.. names.Skip(first).Take(count).Select(name => RendezvousHash.Variate(hash, name))];
        })];
    }

    private PathRouter(
        Topology topology, (NodeId From, NodeId To, double Rate)[] traffic, int pathCount, bool allowDisconnected,
        CancellationToken cancellation)
    {
        _topology = topology;
        _rates = [.. traffic.Select(t => t.Rate)];
        Dictionary<(NodeId, NodeId), int> pairs = [];
        _pairOf = [.. traffic.Select(t => pairs.TryGetValue((t.From, t.To), out int pair) ? pair : pairs[(t.From, t.To)] = pairs.Count)];
        _trafficOf = [.. _pairOf.Index().GroupBy(t => t.Item).OrderBy(t => t.Key).Select(group => group.Select(t => t.Index).ToArray())];
        if ((long)pairs.Count * pathCount > MostPaths)
        {
            throw new InvalidInputException(
                $"{topology.Name}: found {pairs.Count} pairs of nodes with traffic, expected at most {MostPaths / pathCount} for "
                + $"{pathCount} paths each");
        }
        KShortestPaths search = new(topology);
        List<RoutedPath> paths = [];
        _pairs = new (int, int)[pairs.Count];
        foreach (((NodeId from, NodeId to), int pair) in pairs)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<RoutedPath> found = from == to ? [] : search.Find(from, to, pathCount);
            if (found.Count == 0 && from != to && !allowDisconnected)
            {
                throw new InvalidInputException(
                    $"{topology.Name}: there is no path from \"{topology.Labels[from.Index]}\" to \"{topology.Labels[to.Index]}\", between "
                    + "which there is traffic");
            }
            _pairs[pair] = (paths.Count, found.Count);
            paths.AddRange(found);
        }
        _paths = [.. paths];
    }

    /// <summary>All paths, those of a pair one after the other, the shortest first.</summary>
    public IReadOnlyList<RoutedPath> Paths => _paths;

    /// <summary>The first path and the number of paths of every pair of nodes with traffic.</summary>
    public IReadOnlyList<(int First, int Count)> Pairs => _pairs;

    public int Count => _rates.Length;

    public int WeightCount => _paths.Length;

    public double Total => _rates.Sum();

    public string Splitting => _variates.Length == 0 ? "fluid" : "hash proportional";

    /// <summary>Routes everything.</summary>
    /// <param name="weights">One for each of <see cref="Paths"/>. A path whose weight is not above 0 is never taken.</param>
    /// <param name="loads">Set to the load of every link in bit/s.</param>
    /// <returns>How many flows or demands found no path; they load no link.</returns>
    public int Route(ReadOnlySpan<double> weights, Span<double> loads)
    {
        if (weights.Length != _paths.Length || loads.Length != _topology.LinkCount)
        {
            throw new ArgumentException(
                $"expected {_paths.Length} weights and {_topology.LinkCount} loads, got {weights.Length} and {loads.Length}");
        }
        loads.Clear();
        int unroutable = 0;
        for (int i = 0; i < _rates.Length; i++)
        {
            unroutable += AddOne(i, weights, 1, loads) ? 0 : 1;
        }
        return unroutable;
    }

    public double Routed(ReadOnlySpan<double> weights)
    {
        double routed = 0;
        for (int i = 0; i < _rates.Length; i++)
        {
            (int first, int count) = _pairs[_pairOf[i]];
            routed += weights.Slice(first, count).ContainsAnyInRange(double.Epsilon, double.PositiveInfinity) ? _rates[i] : 0;
        }
        return routed;
    }

    /// <summary>Adds the traffic of one pair to the loads, or takes it away.</summary>
    /// <param name="sign">1 or −1.</param>
    internal void Add(int pair, ReadOnlySpan<double> weights, int sign, Span<double> loads)
    {
        foreach (int i in _trafficOf[pair])
        {
            AddOne(i, weights, sign, loads);
        }
    }

    private bool AddOne(int traffic, ReadOnlySpan<double> weights, double sign, Span<double> loads)
    {
        (int first, int count) = _pairs[_pairOf[traffic]];
        ReadOnlySpan<double> own = weights.Slice(first, count);
        return _variates.Length == 0
            ? Split(sign * _rates[traffic], first, own, loads) : Choose(traffic, sign * _rates[traffic], first, own, loads);
    }

    private bool Split(double rate, int first, ReadOnlySpan<double> weights, Span<double> loads)
    {
        double sum = 0;
        foreach (double weight in weights)
        {
            sum += Math.Max(0, weight);
        }
        if (sum <= 0)
        {
            return false;
        }
        for (int p = 0; p < weights.Length; p++)
        {
            if (weights[p] > 0)
            {
                Load(first + p, rate * (weights[p] / sum), loads);
            }
        }
        return true;
    }

    private bool Choose(int flow, double rate, int first, ReadOnlySpan<double> weights, Span<double> loads)
    {
        (int chosen, double smallest) = (-1, double.PositiveInfinity);
        for (int p = 0; p < weights.Length; p++)
        {
            if (weights[p] > 0 && _variates[flow][p] / weights[p] < smallest)
            {
                (chosen, smallest) = (p, _variates[flow][p] / weights[p]);
            }
        }
        if (chosen < 0)
        {
            return false;
        }
        Load(first + chosen, rate, loads);
        return true;
    }

    private void Load(int path, double rate, Span<double> loads)
    {
        foreach (LinkId link in _paths[path].Links)
        {
            loads[link.Index] += rate;
        }
    }
}
