using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>Parameters of the <see cref="GravityFlowGenerator"/>.</summary>
public sealed record GravityOptions
{
    /// <summary>Mean link load to reach under the generator's own placement, in (0, 1); the published sets have 0.4 and 0.6.</summary>
    public double MeanLoad { get; init; } = 0.4;

    /// <summary>The demand of a pair is cut into one to this many flows, at least 1.</summary>
    public int MaxFlowsPerPair { get; init; } = 4;

    /// <summary>What a node sends and receives by, one for each node, positive; null for the capacities of its links.</summary>
    public IReadOnlyList<double>? Masses { get; init; }

    /// <summary>Root seed; the streams are "flows/order", "flows/demand" and "flows/cut".</summary>
    public ulong Seed { get; init; }
}

/// <summary>A generated flow set and what it amounts to.</summary>
/// <param name="Flows">All start at 0 ms and last 25 to 700 s.</param>
/// <param name="PlacementMeanLoad">The generator's figure: mean link load when each demand takes the roomiest path.</param>
/// <param name="Intensity">The scale of the demands that reached the target.</param>
public sealed record GeneratedFlows(FlowSet Flows, double PlacementMeanLoad, double Intensity);

/// <summary>
/// Gravity traffic (specification section 6.7): the demand between two nodes goes with the product of their capacities and the inverse
/// square of their distance, varies at random, and is held back where the network is nearly full. The intensity that gives the wanted mean
/// load is found by bisection over the same random numbers.
/// </summary>
/// <remarks>
/// Each demand is placed on the path with most room at that moment. In networks above <see cref="LargeNetwork"/> nodes, whose pairs number
/// hundreds of thousands, it is the path that had most room when its batch of demands began.
/// </remarks>
public sealed class GravityFlowGenerator
{
    /// <summary>Nodes of a network whose demands are still placed one by one.</summary>
    public const int LargeNetwork = 200;

    /// <summary>Batches of demands in a large network, after each of which paths are found anew.</summary>
    private const int Batches = 16;

    private const int BisectionSteps = 40, LargeBisectionSteps = 12;

    /// <summary>How near to the wanted mean load is near enough in a large network.</summary>
    private const double LargeTolerance = 1e-3;

    private const int MinDurationMs = 25_000, MaxDurationMs = 700_000;

    /// <summary>Demands of one pair vary between intensity/(1.3·3.5²) and intensity/1.3 times the gravity demand.</summary>
    private const double HighDivisor = 1.3, LowDivisor = 1.3 * 3.5 * 3.5;

    private readonly Topology _topology;
    private readonly GravityOptions _options;
    private readonly PairDemand[] _demands;
    private readonly RoomiestPaths _paths;
    private readonly bool _inBatches;
    private Action<double>? _progress;

    /// <exception cref="InvalidInputException">An option is out of its range, or a pair of nodes has no path.</exception>
    public GravityFlowGenerator(Topology topology, GravityOptions options)
    {
        if (!(options.MeanLoad > 0 && options.MeanLoad < 1))
        {
            throw new InvalidInputException(
                FormattableString.Invariant($"mean load is {options.MeanLoad}, expected more than 0 and less than 1"));
        }

        if (options.MaxFlowsPerPair < 1)
        {
            throw new InvalidInputException($"flows per pair is {options.MaxFlowsPerPair}, expected at least 1");
        }

        _topology = topology;
        _options = options;
        _demands = GravityDemands();
        _paths = new RoomiestPaths(topology);
        _inBatches = topology.NodeCount > LargeNetwork;
    }

    /// <param name="progress">Called after each placement of all demands with the mean load that it reached.</param>
    /// <exception cref="InvalidInputException">The network cannot be loaded that much.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public GeneratedFlows Generate(CancellationToken cancellation = default, Action<double>? progress = null)
    {
        _progress = progress;
        var rates = new long[_demands.Length];
        double intensity = FindIntensity(rates, cancellation);
        double placed = Place(intensity, rates, cancellation);
        return new GeneratedFlows(Cut(rates, cancellation), placed, intensity);
    }

    /// <summary>One pair of nodes with its gravity demand in bit/s and the random numbers that decide what becomes of it.</summary>
    private readonly record struct PairDemand(NodeId Start, NodeId End, double Base, double Uniform, double HeldBackShare);

    private PairDemand[] GravityDemands()
    {
        int nodes = _topology.NodeCount;
        double[] capacities = [.. Enumerable.Range(0, nodes).Select(node =>
            _topology.OutLinks(new NodeId(node)).ToArray().Sum(link => _topology.Links[link].Capacity))];
        IReadOnlyList<double> masses = _options.Masses ?? capacities;
        var stream = new RandomStream(_options.Seed, "flows/demand");
        var demands = new List<PairDemand>();
        for (int end = 0; end < nodes; end++)
        {
            int[] distances = _topology.HopDistancesTo(new NodeId(end));
            for (int start = 0; start < nodes; start++)
            {
                if (distances[start] < 0)
                {
                    throw new InvalidInputException(
                        $"{_topology.Name}: no path from \"{_topology.Labels[start]}\" to \"{_topology.Labels[end]}\", "
                        + "expected a connected network");
                }

                if (start != end)
                {
                    double distance = distances[start] + 1;
                    demands.Add(new PairDemand(new NodeId(start), new NodeId(end), masses[start] * masses[end] / (distance * distance),
                        stream.NextDouble(), stream.NextDouble(0.1, 0.7)));
                }
            }
        }

        double scale = 2 * capacities.Sum() / demands.Sum(demand => demand.Base);
        PairDemand[] scaled = [.. demands.Select(demand => demand with { Base = demand.Base * scale })];
        new RandomStream(_options.Seed, "flows/order").Shuffle<PairDemand>(scaled);
        return scaled;
    }

    private double FindIntensity(long[] rates, CancellationToken cancellation)
    {
        double low = 0, high = 1, target = _options.MeanLoad;
        while (Place(high, rates, cancellation) < target)
        {
            high *= 2;
            if (high > 1e6)
            {
                throw new InvalidInputException(FormattableString.Invariant(
                    $"{_topology.Name}: mean load {target} cannot be reached, at most {Place(high, rates, cancellation):F3}"));
            }
        }

        // Held-back demands make the load jump here and there, so that the last step need not be the nearest.
        double best = high, bestError = double.PositiveInfinity;
        for (int step = 0; step < (_inBatches ? LargeBisectionSteps : BisectionSteps); step++)
        {
            double middle = (low + high) / 2, load = Place(middle, rates, cancellation);
            if (Math.Abs(load - target) < bestError)
            {
                (best, bestError) = (middle, Math.Abs(load - target));
            }

            if (_inBatches && bestError < LargeTolerance)
            {
                break;
            }

            (low, high) = load < target ? (middle, high) : (low, middle);
        }

        return best;
    }

    /// <summary>
    /// Places all demands one after the other, each on the path with most room; fills their rates, returns the mean load.
    /// </summary>
    private double Place(double intensity, long[] rates, CancellationToken cancellation)
    {
        double[] remaining = _topology.Capacities.ToArray();
        for (int link = 0; link < remaining.Length; link++)
        {
            _paths.SetRoom(link, remaining[link]);
        }

        int batch = Math.Max(1, (_demands.Length + Batches - 1) / Batches);
        for (int i = 0; i < _demands.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            PairDemand demand = _demands[i];
            if (!_inBatches)
            {
                _paths.Find(demand.Start.Index, demand.End.Index);
            }
            else if (i % batch == 0)
            {
                _paths.FindAll(cancellation);
            }

            List<int> path = _paths.Path(demand.Start.Index, demand.End.Index);
            double bottleneck = path.Min(link => remaining[link]);
            double low = demand.Base * intensity / LowDivisor, high = demand.Base * intensity / HighDivisor;
            double rate = low + (high - low) * demand.Uniform;
            if (1.25 * rate >= bottleneck)
            {
                rate = Math.Min(rate, demand.HeldBackShare * bottleneck);
            }

            rates[i] = (long)rate;
            foreach (int link in path)
            {
                remaining[link] -= rates[i];
                _paths.SetRoom(link, remaining[link]);
            }
        }

        double load = 0;
        for (int link = 0; link < remaining.Length; link++)
        {
            load += 1 - remaining[link] / _topology.Capacities[link];
        }

        load /= remaining.Length;
        _progress?.Invoke(load);
        return load;
    }

    /// <summary>Cuts every demand at uniform random points into flows of whole bit/s.</summary>
    private FlowSet Cut(long[] rates, CancellationToken cancellation)
    {
        var stream = new RandomStream(_options.Seed, "flows/cut");
        var flows = new List<Flow>();
        for (int i = 0; i < _demands.Length; i++)
        {
            long rate = rates[i];
            var cuts = new long[stream.NextInt32(_options.MaxFlowsPerPair) + 1];
            for (int cut = 0; cut < cuts.Length - 1; cut++)
            {
                cuts[cut] = (long)(rate * stream.NextDouble());
            }

            cuts[^1] = rate;
            Array.Sort(cuts);
            long before = 0;
            foreach (long cut in cuts)
            {
                cancellation.ThrowIfCancellationRequested();
                long duration = MinDurationMs + stream.NextInt32(MaxDurationMs - MinDurationMs + 1);
                FlowId id = NextId(stream);
                if (cut > before)
                {
                    flows.Add(new Flow(id, _demands[i].Start, _demands[i].End, [new RateChange(0, cut - before)], 0, duration));
                }

                before = cut;
            }
        }

        return new FlowSet($"flows generated with seed {_options.Seed}", flows);
    }

    /// <summary>A random identifier in the form of a version 4 UUID, as the published sets have.</summary>
    private static FlowId NextId(RandomStream stream)
    {
        ulong high = stream.NextUInt64() & ~0xF000UL | 0x4000UL, low = stream.NextUInt64() & ~(3UL << 62) | (2UL << 62);
        string digits = $"{high:x16}{low:x16}";
        return new FlowId($"{digits[..8]}-{digits[8..12]}-{digits[12..16]}-{digits[16..20]}-{digits[20..]}");
    }
}
