namespace AkkaLb.Domain.Network;

/// <summary>
/// All decisions that flows can meet, precomputed. A state is "which links may I take, and what comes after each"; the states
/// (node, previous, destination, source) of the path calculator that are equal in this sense are merged, which makes the tables small enough for the
/// innermost cache. States with the same candidate list share its entries, so that weights are prepared once per list.
/// </summary>
internal sealed class RoutingGraph
{
    /// <summary>Instead of a state: the flow is there.</summary>
    public const int Arrived = -1;

    private readonly Topology _topology;
    private readonly IPathCalculator _paths;
    private readonly List<State> _states = [];
    private readonly List<int> _entryLinks = [], _next = [];
    private readonly Dictionary<string, int> _lists = [], _merged = [];
    private readonly Dictionary<(int At, int Previous, int Destination, int Source), int> _known = [];
    private readonly List<int> _longest = [];

    /// <param name="topology">What to route on.</param>
    /// <param name="paths">Says which links may be taken.</param>
    /// <param name="pairs">Source and destination of every flow; repetitions do no harm.</param>
    public RoutingGraph(Topology topology, IPathCalculator paths, IEnumerable<(NodeId Source, NodeId Destination)> pairs)
    {
        _topology = topology;
        _paths = paths;
        Starts = [.. pairs.Select(pair => Explore(pair.Source.Index, -1, pair.Destination.Index, pair.Source.Index))];
        States = [.. _states];
        EntryLinks = [.. _entryLinks];
        Next = [.. _next];
        Lists = [.. _states.Select(state => (state.FirstEntry, state.Count)).Distinct()];
        ReachableStates = _known.Count;
        _known.Clear();
        MaxCandidates = States.Max(state => (int?)state.Count) ?? 0;
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

    public int MaxHops { get; }

    /// <summary>Number of (node, previous, destination, source) states before merging.</summary>
    public int ReachableStates { get; }

    /// <param name="FirstEntry">Where the candidate list starts among the entries.</param>
    /// <param name="FirstNext">Where the following states start.</param>
    /// <param name="Count">Number of candidates; 0 is a dead end.</param>
    /// <param name="DrawOffset">Where the draw orders for this count start within a flow's: 0 for 2, 2 for 3, 5 for 4, …</param>
    public readonly record struct State(int FirstEntry, int FirstNext, int Count, int DrawOffset);

    private int Explore(int at, int previous, int destination, int source)
    {
        const int inProgress = -2;
        if (at == destination)
        {
            return Arrived;
        }

        (int, int, int, int) key = (at, previous, destination, source);
        if (_known.TryGetValue(key, out int known))
        {
            return known != inProgress ? known : throw new InvalidInputException(
                $"{_topology.Name}: {_paths.Name} routing from {_topology.Labels[source]} to {_topology.Labels[destination]} can run in a circle, "
                + "use shortest routing for this topology");
        }

        _known[key] = inProgress;
        IReadOnlyList<LinkId> candidates = _paths.NextHops(
            new NodeId(at), previous < 0 ? null : new NodeId(previous), new NodeId(source), new NodeId(destination));
        var next = new int[candidates.Count];
        for (int c = 0; c < next.Length; c++)
        {
            next[c] = Explore(_topology.Links[candidates[c].Index].To.Index, at, destination, source);
        }

        return _known[key] = Merge(candidates, next);
    }

    private int Merge(IReadOnlyList<LinkId> candidates, int[] next)
    {
        int[] links = [.. candidates.Select(link => link.Index)];
        string listKey = string.Join(',', links);
        string stateKey = $"{listKey}|{string.Join(',', next)}";
        if (_merged.TryGetValue(stateKey, out int state))
        {
            return state;
        }

        if (!_lists.TryGetValue(listKey, out int firstEntry))
        {
            _lists.Add(listKey, firstEntry = _entryLinks.Count);
            _entryLinks.AddRange(links);
        }

        state = _states.Count;
        _states.Add(new State(firstEntry, _next.Count, links.Length, links.Length * (links.Length - 1) / 2 - 1));
        _next.AddRange(next);
        _longest.Add(next.Length == 0 ? 0 : 1 + next.Max(following => following == Arrived ? 0 : _longest[following]));
        _merged.Add(stateKey, state);
        return state;
    }
}
