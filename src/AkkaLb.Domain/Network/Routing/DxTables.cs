using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AkkaLb.Domain.Network;

/// <summary>
/// The reference hash in tables. Which candidate a flow draws first, second, … is known beforehand for every number of candidates, as
/// are the hash values with which it draws them; only the thresholds depend on the weights. With up to 8 candidates, all draws of a
/// decision are compared at once: under varied weights the outcome of a single draw is unpredictable, and branching on it costs more than
/// the rest.
/// </summary>
internal sealed class DxTables
{
    public const int NoPath = -1;

    /// <summary>Flows that advance together, so that their table reads overlap.</summary>
    public const int BatchSize = 64;

    /// <summary>Number of draws that one comparison decides.</summary>
    public const int Lanes = 8;

    /// <summary>2³²: the scale of a hash value. Multiplying by it is exact.</summary>
    private const double HashRange = 4294967296.0;

    private readonly RoutingGraph _graph;

    /// <summary>Whether one vector holds every candidate list.</summary>
    public bool ComparesAtOnce => _width == Lanes;

    /// <summary>Entries per flow, and per candidate list; lists are padded to it with thresholds that nothing meets.</summary>
    private readonly int _width;

    // hash + 1 of every (flow, draw). Of every (flow, number of candidates) the candidates in the order in which they are drawn.
    private readonly uint[] _hashes;
    private readonly byte[] _draws;

    public DxTables(Topology topology, RoutingGraph graph, IReadOnlyList<ActiveFlow> flows, string hashSeed)
    {
        if (graph.MaxCandidates > byte.MaxValue)
        {
            throw new InvalidInputException(
                $"{topology.Name}: a node has {graph.MaxCandidates} candidate links, at most {byte.MaxValue} are supported");
        }

        long perFlow = (long)Math.Max(1, graph.MaxCandidates) * graph.ListWidth;
        if (flows.Count > Array.MaxLength / perFlow)
        {
            throw new InvalidInputException(
                $"{topology.Name}: found {flows.Count} flows with up to {graph.MaxCandidates} candidate links each, expected at most "
                + $"{Array.MaxLength / perFlow} for the hash dx: take the proportional one, or split them as fluids");
        }
        _graph = graph;
        _width = graph.ListWidth;
        _hashes = new uint[flows.Count * _width];
        _draws = new byte[flows.Count * graph.MaxCandidates * _width];
        Tabulate(flows, hashSeed);
    }

    /// <summary>
    /// Per candidate the largest hash + 1 that is accepted. hash / 2³² &lt; w / max w decides the same as hash + 1 ≤ ⌈w / max w · 2³²⌉,
    /// because the product is exact; 2³² itself may be cut to 2³² − 1, because no key hashes to 2³² − 1. 0 accepts nothing.
    /// </summary>
    public void SetThresholds(ReadOnlySpan<double> weights, Span<uint> thresholds)
    {
        int[] links = _graph.EntryLinks;
        thresholds[..links.Length].Clear();
        foreach ((int first, int count) in _graph.Lists)
        {
            double heaviest = 0;
            for (int entry = first; entry < first + count; entry++)
            {
                heaviest = Math.Max(heaviest, weights[links[entry]]);
            }

            for (int entry = first; entry < first + count; entry++)
            {
                thresholds[entry] = Threshold(weights[links[entry]], heaviest);
            }
        }
    }

    /// <summary>The largest hash + 1 that a candidate accepts in a list whose heaviest has the given weight.</summary>
    public static uint Threshold(double weight, double heaviest)
    {
        double share = weight / heaviest;
        return share > 0 ? (uint)Math.Min(Math.Ceiling(share * HashRange), uint.MaxValue) : 0;
    }

    /// <summary>Which candidate a flow takes, or <see cref="NoPath"/>; for lists of one vector (<see cref="ComparesAtOnce"/>).</summary>
    /// <param name="threshold">The first of the list's thresholds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Choose(int flow, in RoutingGraph.State state, ref uint threshold)
    {
        if (state.Count == 0)
        {
            return NoPath;
        }

        ref byte table = ref MemoryMarshal.GetArrayDataReference(_draws);
        ulong draws = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref table, (flow * _graph.MaxCandidates + state.Count - 1) * Lanes));
        Vector256<uint> accepted = Vector256.ShuffleNative(Vector256.LoadUnsafe(ref threshold), Widen(draws));
        Vector256<uint> drawn = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_hashes), (nuint)(flow * Lanes));
        uint hits = Vector256.LessThanOrEqual(drawn, accepted).ExtractMostSignificantBits();
        return hits == 0 ? NoPath : (int)(draws >> (8 * BitOperations.TrailingZeroCount(hits))) & 0xFF;
    }

    /// <summary>
    /// Walks a batch of flows; for each its links, <see cref="RoutingGraph.MaxHops"/> apart, and their number or <see cref="NoPath"/>.
    /// </summary>
    public void Walk(int firstFlow, int count, ReadOnlySpan<uint> thresholds, Span<int> paths, Span<int> hops)
    {
        if (ComparesAtOnce)
        {
            WalkTogether(firstFlow, count, thresholds, paths, hops);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            hops[i] = WalkOne(firstFlow + i, thresholds, paths[(i * _graph.MaxHops)..]);
        }
    }

    /// <summary>One flow, draw by draw, with any number of candidates.</summary>
    public int WalkOne(int flow, ReadOnlySpan<uint> thresholds, Span<int> path)
    {
        ReadOnlySpan<uint> hashes = _hashes.AsSpan(flow * _width, _width);
        int hops = 0;
        for (int current = _graph.Starts[flow]; current != RoutingGraph.Arrived;)
        {
            RoutingGraph.State state = _graph.States[current];
            ReadOnlySpan<byte> draws = DrawsOf(flow, state.Count);
            int draw = 0;
            while (draw < state.Count && hashes[draw] > thresholds[state.FirstEntry + draws[draw]])
            {
                draw++;
            }

            if (draw == state.Count)
            {
                return NoPath;
            }

            path[hops++] = _graph.EntryLinks[state.FirstEntry + draws[draw]];
            current = _graph.Next[state.FirstNext + draws[draw]];
        }

        return hops;
    }

    /// <summary>All flows of the batch take one hop, then all that are still under way the next.</summary>
    [SkipLocalsInit]
    private void WalkTogether(int firstFlow, int count, ReadOnlySpan<uint> thresholds, Span<int> paths, Span<int> hops)
    {
        Span<int> underWay = stackalloc int[BatchSize], current = stackalloc int[BatchSize];
        for (int i = 0; i < count; i++)
        {
            underWay[i] = i;
            current[i] = _graph.Starts[firstFlow + i];
        }

        int maxHops = _graph.MaxHops, drawStride = _graph.MaxCandidates * Lanes;
        ref uint hashTable = ref MemoryMarshal.GetArrayDataReference(_hashes);
        ref uint threshold = ref MemoryMarshal.GetReference(thresholds);
        ref byte drawTable = ref MemoryMarshal.GetArrayDataReference(_draws);
        ReadOnlySpan<RoutingGraph.State> states = _graph.States;
        ReadOnlySpan<int> entryLinks = _graph.EntryLinks, next = _graph.Next;
        for (int hop = 0; count > 0; hop++)
        {
            int kept = 0;
            for (int a = 0; a < count; a++)
            {
                int i = underWay[a], flow = firstFlow + i;
                RoutingGraph.State state = states[current[i]];
                if (state.Count == 0)
                {
                    hops[i] = NoPath;
                    continue;
                }

                ulong draws = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref drawTable, flow * drawStride + (state.Count - 1) * Lanes));
                Vector256<uint> order = Widen(draws);
                Vector256<uint> accepted = Vector256.ShuffleNative(Vector256.LoadUnsafe(ref threshold, (nuint)state.FirstEntry), order);
                Vector256<uint> drawn = Vector256.LoadUnsafe(ref hashTable, (nuint)(flow * Lanes));
                uint hits = Vector256.LessThanOrEqual(drawn, accepted).ExtractMostSignificantBits();
                if (hits == 0)
                {
                    hops[i] = NoPath;
                    continue;
                }

                int choice = (int)(draws >> (8 * BitOperations.TrailingZeroCount(hits))) & 0xFF;
                paths[i * maxHops + hop] = entryLinks[state.FirstEntry + choice];
                int following = current[i] = next[state.FirstNext + choice];
                hops[i] = hop + 1;
                underWay[kept] = i;
                kept += (int)(~(uint)following >> 31); // Arrived is negative.
            }

            count = kept;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Widen(ulong bytes)
    {
        Vector128<ushort> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(bytes).AsByte());
        return Vector256.WidenLower(words.ToVector256Unsafe());
    }

    private ReadOnlySpan<byte> DrawsOf(int flow, int candidates) =>
        candidates == 0 ? [] : _draws.AsSpan((flow * _graph.MaxCandidates + candidates - 1) * _width, _width);

    private void Tabulate(IReadOnlyList<ActiveFlow> flows, string hashSeed)
    {
        int most = _graph.MaxCandidates;
        Span<int> keys = stackalloc int[most];
        var remaining = new List<byte>(most);
        for (int flow = 0; flow < flows.Count; flow++)
        {
            DxHash.Keys(flows[flow].Id, hashSeed, keys);
            for (int draw = 0; draw < most; draw++)
            {
                _hashes[flow * _width + draw] = DxHash.Crc(keys[draw]) + 1;
            }

            for (int count = 1; count <= most; count++)
            {
                Span<byte> order = _draws.AsSpan((flow * most + count - 1) * _width, _width);
                remaining.Clear();
                for (int candidate = 0; candidate < count; candidate++)
                {
                    remaining.Add((byte)candidate);
                }

                for (int draw = 0; draw < count; draw++)
                {
                    int position = keys[draw] % remaining.Count;
                    order[draw] = remaining[position];
                    remaining.RemoveAt(position);
                }

                // The rest points at padding, whose threshold is 0.
                for (int draw = count; draw < _width; draw++)
                {
                    order[draw] = (byte)draw;
                }
            }
        }

        // Hashes of draws that no flow makes stay 0 and would meet a threshold of 0.
        foreach (ref uint hash in _hashes.AsSpan())
        {
            hash = hash == 0 ? uint.MaxValue : hash;
        }
    }
}
