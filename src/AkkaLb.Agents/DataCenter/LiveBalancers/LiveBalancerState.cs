using System.Collections.Immutable;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Agents.DataCenter.LiveBalancers;

/// <summary>
/// What a balancer of real traffic is between two messages: its servers by name, what it knows of them, and what passed since it last
/// decided. Servers that are known from the journal and not there yet wait under their names.
/// </summary>
internal sealed class LiveBalancerState(LiveBalancer balancer)
{
    private readonly Dictionary<string, ServerKnowledge> _remembered = new(StringComparer.Ordinal);
    private ImmutableArray<LiveServer> _servers = [];
    private bool[] _inUse = [];
    private Since[] _since = [];

    /// <summary>Decisions made.</summary>
    public long Decisions { get; private set; }

    public void Apply(LiveBalancerJournal.WeightsDecided decided)
    {
        Decisions = decided.Step + 1;
        foreach (ServerWeight server in decided.Servers)
        {
            ServerKnowledge known = _remembered.GetValueOrDefault(server.Name, new ServerKnowledge(server.Name, 1, [], []));
            _remembered[server.Name] = known with { Weight = server.Weight };
        }
    }

    public void Apply(LiveBalancerJournal.CapacitiesLearnt learnt)
    {
        foreach (ServerKnowledge server in learnt.Servers)
        {
            _remembered[server.Name] = server;
        }
    }

    /// <summary>These are the servers from now on.</summary>
    /// <returns>The weights that hold until the next decision, where some are remembered; else null.</returns>
    public LiveDecision? SetServers(ImmutableArray<LiveServer> servers)
    {
        int first = balancer.Servers;
        bool remembers = false;
        balancer.Grow(servers.Length);
        for (int j = first; j < servers.Length; j++)
        {
            if (_remembered.Remove(servers[j].Name, out ServerKnowledge server))
            {
                remembers = true;
                balancer.Restore(j, server.Weight);
                balancer.Capacities.Known(j).Restore(server.Seconds.AsSpan(), server.Departures.AsSpan());
            }
        }
        _servers = servers;
        _inUse = [.. servers.Select(server => server.IsInUse)];
        Array.Resize(ref _since, servers.Length);
        if (!remembers)
        {
            return null;
        }
        var capacities = new Capacity[servers.Length];
        ImmutableArray<Capacity> known = balancer.Capacities.TryEstimate(capacities) ? [.. capacities] : [];
        return new LiveDecision(Decisions, [.. balancer.Weights], known, "as before the restart");
    }

    public void Observe(ImmutableArray<Passage> passages)
    {
        foreach (ref readonly Passage passage in passages.AsSpan())
        {
            if (passage.Server >= _since.Length)
            {
                continue;
            }
            balancer.Observe(passage);
            ref Since since = ref _since[passage.Server];
            since.InFlight = passage.InFlightAfter;
            since.Failed += passage.Kind == PassageKind.Failed ? 1 : 0;
            if (passage.Kind == PassageKind.Answered)
            {
                since.Answered++;
                since.Duration += passage.Duration;
            }
        }
    }

    /// <summary>Decides; null where the weights stay.</summary>
    public (LiveBalancerJournal.WeightsDecided Event, LiveDecision Decision)? Decide(long now, DateTimeOffset time)
    {
        if (_servers.IsEmpty || balancer.Decide(_inUse, now) is not { } decided)
        {
            return null;
        }
        ImmutableArray<ServerWeight> weights =
        [
            .. _servers.Select((server, j) => new ServerWeight(
                server.Name, decided.Weights[j], (float)decided.Capacities[j].Rate, (float)decided.Capacities[j].Slots,
                (float)balancer.Capacities.Seen(j), Math.Max(_since[j].InFlight, 0), _since[j].Answered, _since[j].Failed, _since[j].Mean)),
        ];
        foreach (ref Since since in _since.AsSpan())
        {
            since = new Since { InFlight = since.InFlight };
        }
        LiveBalancerJournal.WeightsDecided happened = new(Decisions++, time.ToUnixTimeMilliseconds(), decided.Reason, weights);
        return (happened, new LiveDecision(Decisions, [.. decided.Weights], [.. decided.Capacities], decided.Reason));
    }

    /// <summary>All that it knows, those servers that are not there included.</summary>
    public LiveBalancerJournal.CapacitiesLearnt Learnt(DateTimeOffset time) => new(
        time.ToUnixTimeMilliseconds(),
        [
            .. _servers.Select((server, j) => Knowledge(server.Name, j)),
            .. _remembered.Values.OrderBy(server => server.Name, StringComparer.Ordinal),
        ]);

    /// <summary>For a snapshot: the number of decisions, and what was learnt in the format of its event.</summary>
    public byte[] Save() =>
        [.. BitConverter.GetBytes(Decisions), .. JournalFormat.Write(Learnt(DateTimeOffset.UnixEpoch))];

    /// <summary>Begins at what <see cref="Save"/> gave.</summary>
    /// <exception cref="InvalidDataException">It is nothing of that.</exception>
    public void Restore(ReadOnlySpan<byte> state)
    {
        if (state.Length < sizeof(long))
        {
            throw new InvalidDataException($"{state.Length} bytes are no state of a balancer");
        }
        Decisions = BitConverter.ToInt64(state);
        Apply((LiveBalancerJournal.CapacitiesLearnt)JournalFormat.Read(state[sizeof(long)..].ToArray(), LiveBalancerFormat.Learnt));
    }

    private ServerKnowledge Knowledge(string name, int server)
    {
        OccupancyRecord known = balancer.Capacities.Known(server);
        int length = known.Seconds.LastIndexOfAnyExcept(0) + 1;
        return new ServerKnowledge(name, balancer.Weights[server], [.. known.Seconds[..length]], [.. known.Departures[..length]]);
    }

    /// <summary>What passed since the last decision.</summary>
    private struct Since
    {
        public int InFlight, Answered, Failed;
        public long Duration;

        public readonly float Mean => Answered == 0 ? 0 : (float)Domain.DataCenter.Ticks.ToSeconds(Duration / Answered);
    }
}
