using System.Collections.Immutable;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Traffic and failures over virtual time: which flows are active and which links are up at any moment, and when that changes next.
/// Failures mask links: the topology, its link indices and so the agents stay the same. Safe for use by several threads.
/// </summary>
public sealed class NetworkTimeline
{
    /// <summary>Routers that are kept; a run goes on in time and only comes back to what was lately.</summary>
    private const int KeptRouters = 64;

    private readonly Lock _gate = new();
    private readonly long[] _changes;
    private readonly List<NetworkMoment> _recent = [];
    private readonly Dictionary<string, IPathCalculator> _paths = [];

    public NetworkTimeline(Topology topology, FlowSet flows, TopologyChanges topologyChanges, RoutingRule routing)
    {
        (Topology, Flows, TopologyChanges, Routing) = (topology, flows, topologyChanges, routing);
        _changes = [.. new SortedSet<long>(flows.Flows.SelectMany(ChangesOf).Concat(ChangesOf(topologyChanges)))];
    }

    /// <summary>The whole topology.</summary>
    public Topology Topology { get; }

    public FlowSet Flows { get; }

    public TopologyChanges TopologyChanges { get; }

    public RoutingRule Routing { get; }

    /// <summary>Times in ms from which on flows, rates or links are others than in the millisecond before, ascending.</summary>
    public IReadOnlyList<long> Changes => _changes;

    /// <summary>The first change after a time in ms; null when nothing changes any more.</summary>
    public long? NextChange(long after)
    {
        int index = Array.BinarySearch(_changes, after);
        index = index < 0 ? ~index : index + 1;
        return index < _changes.Length ? _changes[index] : null;
    }

    /// <summary>
    /// The state at a time in ms. Flows that nothing leads to their destination are counted as unroutable while links are down.
    /// </summary>
    /// <exception cref="InvalidInputException">A flow has no path though no link is down, or a path may run in a circle.</exception>
    public NetworkMoment At(long ms)
    {
        IReadOnlySet<LinkId> missing = TopologyChanges.MissingAt(ms);
        IReadOnlyList<ActiveFlow> flows = Flows.ActiveAt(ms);
        lock (_gate)
        {
            int known = _recent.FindIndex(moment => moment.Missing.SetEquals(missing) && moment.Flows.SequenceEqual(flows));
            NetworkMoment found = known >= 0
                ? _recent[known]
                : new NetworkMoment(
                    missing.ToImmutableHashSet(), Routing.Router(Topology, flows, PathsWithout(missing), missing.Count > 0), flows);
            _recent.RemoveRange(Math.Max(known, 0), known >= 0 ? 1 : 0);
            if (_recent.Count == KeptRouters)
            {
                _recent.RemoveAt(_recent.Count - 1);
            }

            _recent.Insert(0, found);
            return found;
        }
    }

    private IPathCalculator PathsWithout(IReadOnlySet<LinkId> missing)
    {
        string key = string.Join(',', missing.Select(link => link.Index).Order());
        if (!_paths.TryGetValue(key, out IPathCalculator? paths))
        {
            _paths.Add(key, paths = Routing.Paths(Topology, missing));
        }

        return paths;
    }

    private static IEnumerable<long> ChangesOf(Flow flow)
    {
        double? rate = null;
        foreach (long time in flow.Rates.Select(change => change.FromMs).Where(time => time > flow.StartMs && time < flow.EndMs)
            .Prepend(flow.StartMs).Append(flow.EndMs))
        {
            if (flow.RateAt(time) is var now && now != rate)
            {
                rate = now;
                yield return time;
            }
        }
    }

    private static IEnumerable<long> ChangesOf(TopologyChanges changes)
    {
        IReadOnlySet<LinkId> missing = ImmutableHashSet<LinkId>.Empty;
        foreach (long time in changes.Times)
        {
            IReadOnlySet<LinkId> now = changes.MissingAt(time);
            if (!now.SetEquals(missing))
            {
                missing = now;
                yield return time;
            }
        }
    }
}
