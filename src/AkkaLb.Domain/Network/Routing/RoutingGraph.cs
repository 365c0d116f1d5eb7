using System.Runtime.InteropServices;

namespace AkkaLb.Domain.Network;

/// <summary>
/// All decisions that flows can meet, precomputed. A state is "which links may I take, and what comes after each"; the states
/// (node, previous, destination, source) of the path calculator that are equal in this sense are merged, which makes the tables small
/// enough for the innermost cache. States with the same candidate list share its entries, so that weights are prepared once per list.
/// </summary>
internal sealed class RoutingGraph
{
    /// <summary>Instead of a state: the flow is there.</summary>
    public const int Arrived = -1;

    private readonly Topology _topology;
    private readonly IPathCalculator _paths;
    private readonly List<State> _states = [];
    private readonly List<int> _entryLinks = [], _next = [];
    private readonly Dictionary<int[], int> _lists = new(Sequences.Comparer), _merged = new(Sequences.Comparer);

    // By node and previous node, of the pair that is explored; or by node and destination, of all. One number, as it is asked most.
    private readonly Dictionary<long, int> _known = [];
    private readonly Stack<Visit> _open = new();
    private readonly Dictionary<(NodeId, NodeId), int> _starts = [];
    private readonly List<int> _longest = [];

    /// <param name="topology">What to route on.</param>
    /// <param name="paths">Says which links may be taken.</param>
    /// <param name="pairs">Source and destination of every flow, which differ; repetitions do no harm.</param>
    public RoutingGraph(Topology topology, IPathCalculator paths, IEnumerable<(NodeId Source, NodeId Destination)> pairs)
    {
        _topology = topology;
        _paths = paths;
        Starts = [.. pairs.Select(Start)];
        MaxCandidates = _states.Count == 0 ? 0 : _states.Max(state => state.Count);
        ListWidth = Math.Max(8, (MaxCandidates + 7) / 8 * 8);
        PadLists();
        States = [.. _states];
        EntryLinks = [.. _entryLinks];
        Next = [.. _next];
        Lists = [.. _states.Select(state => (state.FirstEntry, state.Count)).Distinct()];
        ReachableStates += _known.Count;
        _known.Clear();
        MaxHops = Starts.Max(start => (int?)_longest[start]) ?? 0;
    }

    /// <summary>The first state of every pair.</summary>
    public int[] Starts { get; }

    public State[] States { get; }

    /// <summary>The links of all candidate lists, one list after the other.</summary>
    public int[] EntryLinks { get; }

    /// <summary>First entry and number of candidates of every list.</summary>
    public (int First, int Count)[] Lists { get; }

    /// <summary>For every state and candidate the state that follows.</summary>
    public int[] Next { get; }

    public int MaxCandidates { get; }

    /// <summary>Entries from one candidate list to the next: a multiple of 8. Surplus entries name link 0.</summary>
    public int ListWidth { get; }

    public int MaxHops { get; }

    /// <summary>Number of states before merging: (node, previous, destination, source), or (node, destination) where no more
    /// counts.</summary>
    public int ReachableStates { get; private set; }

    /// <param name="FirstEntry">Where the candidate list starts among the entries.</param>
    /// <param name="FirstNext">Where the following states start.</param>
    /// <param name="Count">Number of candidates; 0 is a dead end.</param>
    public readonly record struct State(int FirstEntry, int FirstNext, int Count);

    /// <summary>Pairs share no states unless the destination alone counts, and a small table of known ones is a fast one.</summary>
    private int Start((NodeId Source, NodeId Destination) pair)
    {
        if (pair.Source == pair.Destination)
        {
            throw new ArgumentException($"expected traffic between two nodes, found node {pair.Source.Index} twice");
        }

        if (!_paths.ByDestination && _starts.TryGetValue(pair, out int known))
        {
            return known;
        }

        int start = Explore(pair.Source.Index, -1, pair.Destination.Index, pair.Source.Index);
        if (!_paths.ByDestination)
        {
            _starts.Add(pair, start);
            ReachableStates += _known.Count;
            _known.Clear();
        }

        return start;
    }

    /// <summary>A path may have more nodes than the thread's stack takes calls: what is explored is kept on a stack of its own.</summary>
    private int Explore(int at, int previous, int destination, int source)
    {
        if (Find(at, previous) is { } first)
        {
            return first;
        }

        while (true)
        {
            Visit visit = _open.Peek();
            if (visit.Explored < visit.Next.Length)
            {
                if (Find(_topology.Links[visit.Candidates[visit.Explored].Index].To.Index, visit.At) is { } known)
                {
                    visit.Next[visit.Explored++] = known;
                }

                continue;
            }

            int state = _known[visit.Key] = Merge(visit.Candidates, visit.Next);
            _open.Pop();
            if (!_open.TryPeek(out Visit? before))
            {
                return state;
            }

            before.Next[before.Explored++] = state;
        }

        // Null: its candidates come first.
        int? Find(int node, int from)
        {
            const int inProgress = -2;
            if (node == destination)
            {
                return Arrived;
            }

            long key = node * (_topology.NodeCount + 1L) + (_paths.ByDestination ? destination : from + 1);
            if (_known.TryGetValue(key, out int state))
            {
                return state != inProgress ? state : throw new InvalidInputException(
                    $"{_topology.Name}: {_paths.Name} routing from {_topology.Labels[source]} to {_topology.Labels[destination]} can run "
                        + "in a circle, use shortest routing for this topology");
            }

            _known[key] = inProgress;
            _open.Push(new Visit(key, node, _paths.NextHops(
                new NodeId(node), from < 0 ? null : new NodeId(from), new NodeId(source), new NodeId(destination))));
            return null;
        }
    }

    private int Merge(IReadOnlyList<LinkId> candidates, int[] next)
    {
        var links = new int[next.Length];
        for (int c = 0; c < links.Length; c++)
        {
            links[c] = candidates[c].Index;
        }

        if (!_lists.TryGetValue(links, out int firstEntry))
        {
            _lists.Add(links, firstEntry = _entryLinks.Count);
            _entryLinks.AddRange(links);
        }

        int[] stateKey = [firstEntry, .. next];
        if (_merged.TryGetValue(stateKey, out int state))
        {
            return state;
        }

        state = _states.Count;
        _states.Add(new State(firstEntry, _next.Count, links.Length));
        _next.AddRange(next);
        _longest.Add(next.Length == 0 ? 0 : 1 + next.Max(following => following == Arrived ? 0 : _longest[following]));
        _merged.Add(stateKey, state);
        return state;
    }

    /// <summary>Spreads the lists evenly, so that each can be read as a whole number of vectors.</summary>
    private void PadLists()
    {
        int[] packed = [.. _entryLinks];
        _entryLinks.Clear();
        var moved = new Dictionary<(int First, int Count), int>();
        for (int state = 0; state < _states.Count; state++)
        {
            (int first, _, int count) = _states[state];
            if (!moved.TryGetValue((first, count), out int start))
            {
                moved.Add((first, count), start = _entryLinks.Count);
                _entryLinks.AddRange(packed.AsSpan(first, count));
                _entryLinks.AddRange(new int[ListWidth - count]);
            }

            _states[state] = _states[state] with { FirstEntry = start };
        }
    }

    /// <summary>A state whose following states are being explored, one candidate after the other.</summary>
    private sealed class Visit(long key, int at, IReadOnlyList<LinkId> candidates)
    {
        public long Key => key;

        public int At => at;

        public IReadOnlyList<LinkId> Candidates => candidates;

        public int[] Next { get; } = new int[candidates.Count];

        public int Explored { get; set; }
    }

    /// <summary>Whole numbers one by one as a key: a text of them would take most of the time that a graph takes.</summary>
    private sealed class Sequences : IEqualityComparer<int[]>
    {
        public static readonly Sequences Comparer = new();

        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] key)
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(key.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
