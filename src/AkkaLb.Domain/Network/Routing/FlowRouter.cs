using System.Buffers;
using System.Runtime.CompilerServices;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Routes a fixed set of flows under any link weights. Everything that does not depend on the weights is computed once, so a
/// route costs a few table reads per hop. Immutable, so any number of threads may route at the same time.
/// </summary>
public sealed class FlowRouter
{
    private const int NoPath = -1;

    /// <summary>2³²: the scale of a hash value. Multiplying by it is exact.</summary>
    private const double HashRange = 4294967296.0;

    /// <summary>Above this many candidate entries the thresholds come from the shared pool instead of the stack.</summary>
    private const int MaxStackEntries = 2048;

    private readonly Topology _topology;
    private readonly ActiveFlow[] _flows;
    private readonly FlowHash _hash;
    private readonly RoutingGraph _graph;
    private readonly double[] _rates;

    // Reference hash. Which candidate a flow draws first, second, … is known beforehand for every number of candidates, as are the hash
    // values with which it draws them. Layout: flow-major, fixed stride.
    private readonly uint[] _hashes = [];
    private readonly byte[] _draws = [];
    private readonly int _drawStride;

    // Proportional hash: one variate per (flow, link).
    private readonly double[] _variates = [];

    /// <param name="topology">What to route on.</param>
    /// <param name="flows">The flows, in the order in which their rates are added up.</param>
    /// <param name="paths">Candidate next hops on this topology.</param>
    /// <param name="hash">How flows choose among candidates.</param>
    /// <param name="hashSeed">Appended to the flow ids before hashing: decimal digits, or empty as in training.</param>
    /// <param name="allowDisconnected">Count flows without any path as unroutable instead of refusing them.</param>
    /// <exception cref="InvalidInputException">A flow has no path, or a path may run in a circle.</exception>
    public FlowRouter(
        Topology topology,
        IReadOnlyList<ActiveFlow> flows,
        IPathCalculator paths,
        FlowHash hash = FlowHash.Dx,
        string hashSeed = "",
        bool allowDisconnected = false)
    {
        _topology = topology;
        _flows = [.. flows];
        _hash = hash;
        _rates = [.. flows.Select(flow => flow.Rate)];
        _graph = new RoutingGraph(topology, paths, flows.Select(flow => (flow.Start, flow.End)));
        int disconnected = Array.FindIndex(_graph.Starts, start => _graph.States[start].Count == 0);
        if (disconnected >= 0 && !allowDisconnected)
        {
            ActiveFlow flow = _flows[disconnected];
            throw new InvalidInputException($"{topology.Name}: {paths.Name} routing has no path from \"{topology.Labels[flow.Start.Index]}\" "
                + $"to \"{topology.Labels[flow.End.Index]}\", which flow \"{flow.Id}\" needs");
        }

        if (hash == FlowHash.Dx)
        {
            int most = _graph.MaxCandidates;
            if (most > byte.MaxValue)
            {
                throw new InvalidInputException($"{topology.Name}: a node has {most} candidate links, at most {byte.MaxValue} are supported");
            }

            _drawStride = Math.Max(0, most * (most + 1) / 2 - 1);
            _hashes = new uint[_flows.Length * most];
            _draws = new byte[_flows.Length * _drawStride];
            TabulateDraws(hashSeed);
        }
        else
        {
            _variates = RendezvousHash.Variates(topology, _flows, hashSeed);
        }
    }

    /// <summary>The flows, in the order given.</summary>
    public IReadOnlyList<ActiveFlow> Flows => _flows;

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
        int entries = _graph.EntryLinks.Length;
        ulong[]? rented = entries > MaxStackEntries ? ArrayPool<ulong>.Shared.Rent(entries) : null;
        Span<ulong> thresholds = rented ?? stackalloc ulong[MaxStackEntries];
        SetThresholds(weights, thresholds);
        Span<int> path = stackalloc int[_graph.MaxHops];
        int unroutable = 0;
        for (int flow = 0; flow < _rates.Length; flow++)
        {
            int hops = Walk(flow, weights, thresholds, path);
            if (hops == NoPath)
            {
                unroutable++;
                continue;
            }

            double rate = _rates[flow];
            for (int hop = 0; hop < hops; hop++)
            {
                loads[path[hop]] += rate;
            }
        }

        if (rented is not null)
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }

        return unroutable;
    }

    /// <summary>The links that one flow takes, from its source on; empty if it finds no path.</summary>
    /// <param name="flow">Index among <see cref="Flows"/>.</param>
    /// <param name="weights">One per link.</param>
    public IReadOnlyList<LinkId> PathOf(int flow, ReadOnlySpan<double> weights)
    {
        CheckLength(weights);
        var thresholds = new ulong[_graph.EntryLinks.Length];
        SetThresholds(weights, thresholds);
        var path = new int[_graph.MaxHops];
        int hops = Walk(flow, weights, thresholds, path);
        return hops == NoPath ? [] : [.. path.Take(hops).Select(link => new LinkId(link))];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Walk(int flow, ReadOnlySpan<double> weights, ReadOnlySpan<ulong> thresholds, Span<int> path) =>
        _hash == FlowHash.Dx ? WalkDx(flow, thresholds, path) : WalkProportional(flow, weights, path);

    /// <summary>Writes the links that a flow takes; their number, or <see cref="NoPath"/>.</summary>
    private int WalkDx(int flow, ReadOnlySpan<ulong> thresholds, Span<int> path)
    {
        ReadOnlySpan<uint> hashes = _hashes.AsSpan(flow * _graph.MaxCandidates, _graph.MaxCandidates);
        ReadOnlySpan<byte> draws = _draws.AsSpan(flow * _drawStride, _drawStride);
        int hops = 0;
        for (int current = _graph.Starts[flow]; current != RoutingGraph.Arrived;)
        {
            ref readonly RoutingGraph.State state = ref _graph.States[current];
            int choice = 0, draw = 0;
            if (state.Count > 1)
            {
                while (true)
                {
                    choice = draws[state.DrawOffset + draw];
                    if (hashes[draw] < thresholds[state.FirstEntry + choice])
                    {
                        break;
                    }

                    if (++draw == state.Count)
                    {
                        return NoPath;
                    }
                }
            }
            else if (state.Count == 0 || thresholds[state.FirstEntry] == 0)
            {
                return NoPath;
            }

            path[hops++] = _graph.EntryLinks[state.FirstEntry + choice];
            current = _graph.Next[state.FirstNext + choice];
        }

        return hops;
    }

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

    /// <summary>
    /// Per candidate the bound below which a 32-bit hash value is accepted. hash / 2³² &lt; w / max w decides the same as
    /// hash &lt; ⌈w / max w · 2³²⌉, because the product is exact.
    /// </summary>
    private void SetThresholds(ReadOnlySpan<double> weights, Span<ulong> thresholds)
    {
        int[] links = _graph.EntryLinks;
        foreach ((int first, int count) in _graph.Lists)
        {
            double heaviest = 0;
            for (int entry = first; entry < first + count; entry++)
            {
                heaviest = Math.Max(heaviest, weights[links[entry]]);
            }

            for (int entry = first; entry < first + count; entry++)
            {
                double share = weights[links[entry]] / heaviest;
                thresholds[entry] = share > 0 ? (ulong)Math.Ceiling(share * HashRange) : 0;
            }
        }
    }

    private void TabulateDraws(string hashSeed)
    {
        int most = _graph.MaxCandidates;
        Span<int> keys = stackalloc int[most];
        var remaining = new List<byte>(most);
        for (int flow = 0; flow < _flows.Length; flow++)
        {
            DxHash.Keys(_flows[flow].Id, hashSeed, keys);
            for (int draw = 0; draw < most; draw++)
            {
                _hashes[flow * most + draw] = DxHash.Crc(keys[draw]);
            }

            int at = flow * _drawStride;
            for (int count = 2; count <= most; count++)
            {
                remaining.Clear();
                remaining.AddRange(Enumerable.Range(0, count).Select(candidate => (byte)candidate));
                for (int draw = 0; draw < count; draw++)
                {
                    int position = keys[draw] % remaining.Count;
                    _draws[at++] = remaining[position];
                    remaining.RemoveAt(position);
                }
            }
        }
    }

    private void CheckLength(ReadOnlySpan<double> perLink)
    {
        if (perLink.Length != _topology.LinkCount)
        {
            throw new ArgumentException($"expected one value for each of {_topology.LinkCount} links, got {perLink.Length}");
        }
    }
}
