using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Guards;
using Yarp.ReverseProxy.Model;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>
/// Picks servers of one cluster and counts what is in flight. A pick and its reservation are one step under a lock, so that no two requests
/// see the same counts; it allocates nothing.
/// </summary>
internal sealed class BalancedCluster
{
    private readonly Lock _gate = new();
    private readonly ClusterServers _servers = new();
    private readonly EjectionRule _ejection;
    private readonly FailureHold _hold;
    private readonly ClusterPolicy _policy;
    private readonly PickLog _picks = new();
    private readonly IClusterEvents _events;
    private IReadOnlyList<DestinationState>? _list;
    private WeightMode _mode;
    private long _number;
    private int _total;

    /// <param name="random">Breaks ties.</param>
    /// <param name="probes">Asks servers for their load, for the policies that want it.</param>
    public BalancedCluster(
        ClusterOptions options, LiveClock clock, RandomStream random, IClusterEvents events, Func<BalancedCluster, IProbes> probes)
    {
        (Options, Clock, _events) = (options, clock, events);
        _ejection = new EjectionRule(options.Ejection);
        _hold = new FailureHold(LiveClock.Of(options.FailureHold));
        _policy = new ClusterPolicy(options, random, () => probes(this));
        Plane = new WeightPlane(clock);
        Retries = new RetryBudget(options.Retries.Budget);
        _mode = IsLearned ? WeightMode.Learned : WeightMode.Configured;
    }

    public ClusterOptions Options { get; }

    public LiveClock Clock { get; }

    public WeightPlane Plane { get; }

    public RetryBudget Retries { get; }

    /// <summary>What passes, for the agent and for the figures.</summary>
    public PassageRing Ring { get; } = new(1 << 14);

    public bool IsLearned => Options.Policy == PolicyNames.Learned;

    /// <summary>Picks a server and takes a place at it.</summary>
    /// <param name="all">Those of the configuration; the same list until that changes.</param>
    /// <param name="available">Those that affinity leaves.</param>
    /// <param name="hash">Of the client.</param>
    /// <param name="except">Number of a server that has just failed; −1: none.</param>
    /// <param name="observed">Whether the agent is told of the request.</param>
    /// <param name="reservation">
    /// Of a <see cref="PickResult.Picked"/>; of a <see cref="PickResult.Full"/> only its server counts.
    /// </param>
    public PickResult Pick(
        IReadOnlyList<DestinationState> all, IReadOnlyList<DestinationState> available, uint hash, int except, bool observed,
        out Reservation reservation)
    {
        long now = Clock.Now;
        Passage passage;
        lock (_gate)
        {
            if (!ReferenceEquals(all, _list))
            {
                Take(all, now);
            }
            Refresh(now);
            (ServerSlot? server, PickReason reason) = except >= 0
                ? (ServerSearch.Other(_servers.Present, except), PickReason.Retry)
                : Bound(all, available) ?? _policy.Choose(_servers.Present, hash, now);
            if (server is null)
            {
                reservation = default;
                return PickResult.NoServer;
            }
            if (IsFull(server))
            {
                server = ServerSearch.Roomiest(_servers.Present, Options.Queue.InFlight) ?? server;
                if (IsFull(server))
                {
                    reservation = new Reservation(server, server.Destination!, 0, now, 0, observed);
                    return PickResult.Full;
                }
            }
            reservation = Open(server, server.Destination!, reason, observed, now, out passage);
        }
        if (observed)
        {
            Ring.Write(passage);
        }
        return PickResult.Picked;
    }

    /// <summary>Gives a place back, or to whoever waits for one.</summary>
    /// <param name="outcome">Answered, failed or abandoned.</param>
    /// <param name="firstByte">Ticks from the start to the answer's header; −1 where it is not known.</param>
    public void Release(in Reservation reservation, PassageKind outcome, long firstByte = -1, long bytes = -1, int status = 0)
    {
        long now = Clock.Now;
        ServerSlot server = reservation.Server;
        bool failed = outcome == PassageKind.Failed, kept;
        Passage passage, freed;
        string? ejected;
        lock (_gate)
        {
            passage = new Passage(
                outcome, server.Number, server.Observed, reservation.Number, now, now - reservation.Started, firstByte, bytes, status);
            ejected = outcome == PassageKind.Abandoned ? null : _ejection.Count(server.Ejection, failed, now);
            freed = Freed(reservation, now);
            server.Failures += failed ? 1 : 0;
            kept = failed && _hold.Keep(reservation, now);
            if (kept)
            {
                server.Held++;
            }
            else
            {
                Close(reservation, now);
            }
            if (ejected is not null)
            {
                Announce(now);
            }
            _total--;
        }
        if (reservation.IsObserved)
        {
            Ring.Write(passage);
            if (failed && !kept)
            {
                Ring.Write(freed);
            }
        }
        if (ejected is not null)
        {
            _events.StateChanged(this, server.Name, "in use", "ejected", ejected);
        }
    }

    /// <summary>Joins the line before a server that is full.</summary>
    /// <returns>Null when the line is as long as it may be.</returns>
    public WaitingLine.Waiter? Wait(ServerSlot server)
    {
        lock (_gate)
        {
            return server.Waiting.Length < Options.Queue.Length ? server.Waiting.Join() : null;
        }
    }

    /// <summary>Leaves the line.</summary>
    /// <returns>False: a place was given in the meantime.</returns>
    public bool StopWaiting(ServerSlot server, WaitingLine.Waiter waiter)
    {
        lock (_gate)
        {
            return server.Waiting.Leave(waiter);
        }
    }

    /// <summary>Takes a place that was waited for: <see cref="Release"/> has kept it free.</summary>
    /// <param name="destination">What the server was when the request began to wait.</param>
    public Reservation TakePlace(ServerSlot server, DestinationState destination, bool observed)
    {
        long now = Clock.Now;
        Reservation reservation;
        Passage passage;
        lock (_gate)
        {
            // It was kept as one that is not there.
            server.Places--;
            _total--;
            reservation = Open(server, destination, PickReason.Queue, observed, now, out passage);
        }
        if (observed)
        {
            Ring.Write(passage);
        }
        return reservation;
    }

    /// <summary>What changes with time alone: servers come back, start slowly, places of failed requests become free.</summary>
    /// <param name="mode">Whose weights hold.</param>
    public void Tick(WeightMode mode)
    {
        long now = Clock.Now;
        List<ServerSlot>? back = null;
        lock (_gate)
        {
            Free(now);
            foreach (ServerSlot server in _servers.Present)
            {
                if (_ejection.TakeBack(server.Ejection, now))
                {
                    (back ??= []).Add(server);
                }
            }
            if (back is not null)
            {
                Announce(now);
            }
            _mode = IsLearned ? mode : WeightMode.Configured;
            _policy.SetWeights(_servers.Present, _mode, Plane.Decision, now);
        }
        foreach (ServerSlot server in back ?? [])
        {
            _events.StateChanged(this, server.Name, "ejected", "in use", "its time is over");
        }
    }

    /// <summary>Looks at or changes the servers under the lock.</summary>
    /// <param name="change">Returns whether who is in use may have changed.</param>
    public void WithServers(Func<ClusterServers, bool> change)
    {
        lock (_gate)
        {
            if (change(_servers))
            {
                Announce(Clock.Now);
            }
        }
    }

    /// <summary>Configured weights are others now, which a policy knows from its beginning.</summary>
    public void MakeAnew()
    {
        lock (_gate)
        {
            _policy.Renew(_servers.Present);
            Announce(Clock.Now);
        }
    }

    /// <summary>Those of the servers that are in use; all where all are, or none is.</summary>
    public IReadOnlyList<DestinationState> InUse(IReadOnlyList<DestinationState> all)
    {
        lock (_gate)
        {
            return _servers.InUse(all);
        }
    }

    /// <summary>The names of the servers in the order of the configuration, before they come.</summary>
    public void Expect(IEnumerable<string> names)
    {
        lock (_gate)
        {
            _servers.Expect(names);
        }
    }

    /// <summary>Of the configuration, before any request comes.</summary>
    public void Take(IReadOnlyList<DestinationState> list)
    {
        lock (_gate)
        {
            Take(list, Clock.Now);
        }
    }

    /// <summary>
    /// Takes over from a cluster of the same name: its list of servers, and what an operator has said of them, which holds until the proxy
    /// ends.
    /// </summary>
    public void Follow(BalancedCluster before)
    {
        IReadOnlyList<DestinationState>? list;
        lock (before._gate)
        {
            list = before._list;
            _servers.Follow(before._servers);
        }
        if (list is not null)
        {
            Take(list);
        }
    }

    /// <summary>The last pick; null: none was made.</summary>
    public PickRecord? LastPick
    {
        get
        {
            lock (_gate)
            {
                return _picks.Find(_number);
            }
        }
    }

    public PickRecord? FindPick(long number)
    {
        lock (_gate)
        {
            return _picks.Find(number);
        }
    }

    /// <summary>An answer to a probe, for a policy that asked.</summary>
    /// <param name="reply">Null: there was none in time.</param>
    public void Replied(ServerSlot server, in ProbeReply? reply, long sent)
    {
        lock (_gate)
        {
            _policy.Replied(server, reply, sent, Clock.Now);
        }
    }

    /// <summary>The server at a place of the policy's arrays; called by the policy while it chooses.</summary>
    public ServerSlot At(int index) => _servers.Present[index];

    private void Refresh(long now)
    {
        Free(now);
        if (IsLearned && _mode == WeightMode.Learned && !ReferenceEquals(Plane.Decision, _policy.Decision))
        {
            _policy.SetWeights(_servers.Present, _mode, Plane.Decision, now);
        }
    }

    /// <summary>Whom a client is bound to; null: nobody, or one that is out of use.</summary>
    private (ServerSlot? Server, PickReason Reason)? Bound(
        IReadOnlyList<DestinationState> all, IReadOnlyList<DestinationState> available) =>
        available.Count == 1 && all.Count > 1 && _servers.OfDestination(available[0]) is { IsInUse: true } server
            ? (server, PickReason.Affinity)
            : null;

    private bool IsFull(ServerSlot server) => Options.Queue.InFlight > 0 && server.Places >= Options.Queue.InFlight;

    private Reservation Open(
        ServerSlot server, DestinationState destination, PickReason reason, bool observed, long now, out Passage passage)
    {
        Reservation reservation = new(server, destination, ++_number, now, _policy.Decision.Number, observed);
        passage = new Passage(PassageKind.Started, server.Number, server.Observed, reservation.Number, now);
        server.Places++;
        server.Observed += observed ? 1 : 0;
        server.Picks++;
        _total++;
        _policy.Opened(server);
        _picks.Add(new PickRecord(
            reservation.Number, reservation.Decision, server.Number, server.InFlight, _total, (float)server.Weight, reason, now));
        return reservation;
    }

    private void Close(in Reservation reservation, long now)
    {
        ServerSlot server = reservation.Server;
        server.Observed -= reservation.IsObserved ? 1 : 0;
        _policy.Closed(server, reservation.IsObserved ? now - reservation.Started : -1, now);
        if (server.Waiting.TryLeave(out WaitingLine.Waiter? waiter))
        {
            // The place stays taken, for him.
            _total++;
            waiter!.Call(hasPlace: true);
            return;
        }
        server.Places--;
    }

    private static Passage Freed(in Reservation reservation, long now) =>
        new(PassageKind.Freed, reservation.Server.Number, reservation.Server.Observed, reservation.Number, now);

    private void Free(long now)
    {
        while (_hold.TryFree(now, out Reservation reservation))
        {
            reservation.Server.Held--;
            if (reservation.IsObserved)
            {
                Ring.Write(Freed(reservation, now));
            }
            Close(reservation, now);
        }
    }

    private void Take(IReadOnlyList<DestinationState> list, long now)
    {
        _servers.Set(list, now, isFirst: _list is null);
        _list = list;
        _policy.Renew(_servers.Present);
        Announce(now);
        _events.ServersChanged(this);
    }

    /// <summary>Who is in use may have changed.</summary>
    private void Announce(long now)
    {
        _policy.Announce(_servers.Present, now);
        _policy.SetWeights(_servers.Present, _mode, Plane.Decision, now);
    }
}
