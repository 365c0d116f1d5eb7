using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Routes a fixed set of flows under any link weights. Everything that does not depend on the weights is computed once, so a
/// route costs a few table reads per hop. Immutable, so any number of threads may route at the same time.
/// </summary>
public sealed class FlowRouter : ITrafficRouter
{
    private const int NoPath = DxTables.NoPath;

    /// <summary>Above this many entries the scratch comes from the shared pool instead of the stack.</summary>
    private const int MaxStackEntries = 4096;

    private readonly Topology _topology;
    private readonly ActiveFlow[] _flows;
    private readonly RoutingGraph _graph;
    private readonly double[] _rates;

    private readonly DxTables? _dx;

    // Proportional hash: one variate per (flow, link).
    private readonly double[] _variates = [];

    /// <param name="topology">What to route on.</param>
    /// <param name="flows">The flows, in the order in which their rates are added up.</param>
    /// <param name="paths">Candidate next hops on this topology.</param>
    /// <param name="hash">How flows choose among candidates.</param>
    /// <param name="hashSeed">Appended to the flow ids before hashing: decimal digits, or empty as in training.</param>
    /// <param name="allowDisconnected">Count flows without any path as unroutable instead of refusing them.</param>
    /// <exception cref="ArgumentException">The hash is <see cref="FlowHash.Fluid"/>, which is a <see cref="FluidRouter"/>'s.</exception>
    /// <exception cref="InvalidInputException">A flow has no path, or a path may run in a circle.</exception>
    public FlowRouter(
        Topology topology,
        IReadOnlyList<ActiveFlow> flows,
        IPathCalculator paths,
        FlowHash hash = FlowHash.Dx,
        string hashSeed = "",
        bool allowDisconnected = false)
    {
        if (hash == FlowHash.Fluid)
        {
            throw new ArgumentException("expected a hash of flows", nameof(hash));
        }

        _topology = topology;
        _flows = [.. flows];
        _rates = [.. flows.Select(flow => flow.Rate)];
        _graph = new RoutingGraph(topology, paths, flows.Select(flow => (flow.Start, flow.End)));
        int disconnected = Array.FindIndex(_graph.Starts, start => _graph.States[start].Count == 0);
        if (disconnected >= 0 && !allowDisconnected)
        {
            ActiveFlow flow = _flows[disconnected];
            throw new InvalidInputException(
                $"{topology.Name}: {paths.Name} routing has no path from \"{topology.Labels[flow.Start.Index]}\" "
                + $"to \"{topology.Labels[flow.End.Index]}\", which flow \"{flow.Id}\" needs");
        }

        if (hash == FlowHash.Dx)
        {
            _dx = new DxTables(topology, _graph, _flows, hashSeed);
        }
        else
        {
            _variates = RendezvousHash.Variates(topology, _flows, hashSeed);
        }
    }

    /// <summary>The flows, in the order given.</summary>
    public IReadOnlyList<ActiveFlow> Flows => _flows;

    public int Count => _flows.Length;

    public int WeightCount => _topology.LinkCount;

    public double Total => _rates.Sum();

    public string Splitting => _dx is null ? "hash proportional" : "hash dx";

    /// <summary>Number of hops of the longest path that any weights can cause.</summary>
    public int MaxHops => _graph.MaxHops;

    /// <summary>Number of (node, previous, destination, source) states that the flows can meet.</summary>
    public int ReachableStates => _graph.ReachableStates;

    /// <summary>Routes all flows. Does not allocate.</summary>
    /// <param name="weights">One per link. A link whose weight is not above 0 is never taken.</param>
    /// <param name="loads">Set to the load of every link in bit/s.</param>
    /// <returns>The number of flows that found no path; they load no link.</returns>
    [SkipLocalsInit]
    public int Route(ReadOnlySpan<double> weights, Span<double> loads)
    {
        CheckLength(weights);
        CheckLength(loads);
        loads.Clear();
        int entries = _graph.EntryLinks.Length, paths = DxTables.BatchSize * _graph.MaxHops;
        int[]? rented = entries + paths > MaxStackEntries ? ArrayPool<int>.Shared.Rent(entries + paths) : null;
        Span<int> scratch = rented ?? stackalloc int[MaxStackEntries];
        int unroutable = Route(weights, loads, MemoryMarshal.Cast<int, uint>(scratch[..entries]), scratch.Slice(entries, paths));
        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }

        return unroutable;
    }

    public double Routed(ReadOnlySpan<double> weights)
    {
        CheckLength(weights);
        var path = new int[_graph.MaxHops];
        uint[] thresholds = Thresholds(weights);
        double routed = 0;
        for (int flow = 0; flow < _rates.Length; flow++)
        {
            routed += WalkOne(flow, weights, thresholds, path) == NoPath ? 0 : _rates[flow];
        }

        return routed;
    }

    /// <summary>The links that one flow takes, from its source on; empty if it finds no path.</summary>
    /// <param name="flow">Index among <see cref="Flows"/>.</param>
    /// <param name="weights">One per link.</param>
    public IReadOnlyList<LinkId> PathOf(int flow, ReadOnlySpan<double> weights)
    {
        CheckLength(weights);
        var path = new int[_graph.MaxHops];
        int hops = WalkOne(flow, weights, Thresholds(weights), path);
        return hops == NoPath ? [] : [.. path.Take(hops).Select(link => new LinkId(link))];
    }

    /// <summary>What <see cref="WeightMarginals"/> is computed with; null where only routing anew will do.</summary>
    internal RoutingDeviations? CreateDeviations(double[] factors) =>
        _dx is { ComparesAtOnce: true } ? new RoutingDeviations(_dx, _graph, _rates, _topology.LinkCount, factors) : null;

    private int Route(ReadOnlySpan<double> weights, Span<double> loads, Span<uint> thresholds, Span<int> paths)
    {
        Span<int> hops = stackalloc int[DxTables.BatchSize];
        _dx?.SetThresholds(weights, thresholds);
        int unroutable = 0;
        for (int first = 0; first < _rates.Length; first += DxTables.BatchSize)
        {
            int count = Math.Min(DxTables.BatchSize, _rates.Length - first);
            Walk(first, count, weights, thresholds, paths, hops);

            // Added up flow by flow, whatever the order of the walk: it decides the last bit of rates that are not whole.
            for (int i = 0; i < count; i++)
            {
                double rate = _rates[first + i];
                int start = i * _graph.MaxHops;
                for (int hop = start; hop < start + hops[i]; hop++)
                {
                    loads[paths[hop]] += rate;
                }

                unroutable += hops[i] == NoPath ? 1 : 0;
            }
        }

        return unroutable;
    }

    private void Walk(
        int first, int count, ReadOnlySpan<double> weights, ReadOnlySpan<uint> thresholds, Span<int> paths, Span<int> hops)
    {
        if (_dx is not null)
        {
            _dx.Walk(first, count, thresholds, paths, hops);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            hops[i] = WalkProportional(first + i, weights, paths[(i * _graph.MaxHops)..]);
        }
    }

    private uint[] Thresholds(ReadOnlySpan<double> weights)
    {
        var thresholds = new uint[_graph.EntryLinks.Length];
        _dx?.SetThresholds(weights, thresholds);
        return thresholds;
    }

    private int WalkOne(int flow, ReadOnlySpan<double> weights, ReadOnlySpan<uint> thresholds, Span<int> path) =>
        _dx is null ? WalkProportional(flow, weights, path) : _dx.WalkOne(flow, thresholds, path);

    private int WalkProportional(int flow, ReadOnlySpan<double> weights, Span<int> path)
    {
        ReadOnlySpan<double> variates = _variates.AsSpan(flow * weights.Length, weights.Length);
        int hops = 0;
        for (int current = _graph.Starts[flow]; current != RoutingGraph.Arrived;)
        {
            ref readonly RoutingGraph.State state = ref _graph.States[current];
            int choice = -1;
            double smallest = double.PositiveInfinity;
            for (int c = 0; c < state.Count; c++)
            {
                int link = _graph.EntryLinks[state.FirstEntry + c];
                double score = weights[link] > 0 ? variates[link] / weights[link] : double.PositiveInfinity;
                if (score < smallest)
                {
                    (choice, smallest) = (c, score);
                }
            }

            if (choice < 0)
            {
                return NoPath;
            }

            path[hops++] = _graph.EntryLinks[state.FirstEntry + choice];
            current = _graph.Next[state.FirstNext + choice];
        }

        return hops;
    }

    private void CheckLength(ReadOnlySpan<double> perLink)
    {
        if (perLink.Length != _topology.LinkCount)
        {
            throw new ArgumentException($"expected one value for each of {_topology.LinkCount} links, got {perLink.Length}");
        }
    }
}
