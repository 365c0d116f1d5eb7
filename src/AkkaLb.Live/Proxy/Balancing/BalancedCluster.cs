using System.Diagnostics.CodeAnalysis;
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
    private readonly FailureHold _hold = new();
    private readonly PickLog _picks = new();
    private readonly IClusterEvents _events;
    private EjectionRule _ejection;
    private ClusterPolicy _policy;
    private WeightMode _mode;
    private bool _hasServers;
    private long _number;
    private int _total;

    /// <param name="random">Breaks ties.</param>
    /// <param name="probes">Asks servers for their load, for the policies that want it.</param>
    public BalancedCluster(
        ClusterOptions options, LiveClock clock, RandomStream random, IClusterEvents events, Func<BalancedCluster, IProbes> probes)
    {
        (Clock, _events) = (clock, events);
        Adopt(options, random, probes);
    }

    public ClusterOptions Options { get; private set; }

    public LiveClock Clock { get; }

    public WeightPlane Plane { get; private set; }

    public RetryBudget Retries { get; } = new(0);

    /// <summary>What passes, for the agent and for the figures.</summary>
    public PassageRing Ring { get; } = new(1 << 14);

    public bool IsLearned => Options.Policy == PolicyNames.Learned;

    /// <summary>Picks a server and takes a place at it, or one in its line.</summary>
    /// <param name="reservation">
    /// Of a <see cref="PickResult.Picked"/>; of a <see cref="PickResult.Waits"/> for <see cref="StopWaiting"/> and
    /// <see cref="TakePlace"/>.
    /// </param>
    /// <param name="waiter">Of a <see cref="PickResult.Waits"/>.</param>
    public PickResult Pick(in PickRequest request, out Reservation reservation, out WaitingLine.Waiter? waiter)
    {
        long now = Clock.Now;
        Passage passage;
        (reservation, waiter) = (default, null);
        lock (_gate)
        {
            Refresh(now);
            (ServerSlot? server, PickReason reason) = request.Except >= 0
                ? (ServerSearch.Other(_servers.Present, request.Except), PickReason.Retry)
                : Bound(request.Available) ?? _policy.Choose(_servers.Present, request.Hash, now);
            if (server is null)
            {
                return PickResult.NoServer;
            }
            if (IsFull(server))
            {
                // A client that is bound to a server waits for that one.
                bool isBound = reason == PickReason.Affinity;
                if (isBound || ServerSearch.Roomiest(_servers.Present, Options.Queue.InFlight) is not { } roomy)
                {
                    server = HasRoomInLine(server) ? server : isBound ? null : ShortestLine();
                    if (server is null)
                    {
                        return PickResult.Full;
                    }
                    reservation = new Reservation(server, server.Destination!, 0, now, 0, IsObserved: true);
                    waiter = server.Waiting.Join();
                    return PickResult.Waits;
                }
                server = roomy;
            }
            reservation = Open(server, server.Destination!, reason, now, out passage);
        }
        Ring.Write(passage);
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
            server.Abandoned += outcome == PassageKind.Abandoned ? 1 : 0;
            if (ejected is not null)
            {
                // Before the place is free: nobody who waits there is to get it.
                Announce(now);
            }
            kept = failed && _hold.Keep(reservation, now);
            if (kept)
            {
                server.Held++;
            }
            else
            {
                Close(reservation, now);
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

    /// <summary>Leaves the line.</summary>
    /// <returns>False: it was called in the meantime.</returns>
    public bool StopWaiting(ServerSlot server, WaitingLine.Waiter waiter)
    {
        lock (_gate)
        {
            return server.Waiting.Leave(waiter);
        }
    }

    /// <summary>Leaves the line as the client has gone: it is counted as one of the server's that was abandoned.</summary>
    /// <inheritdoc cref="StopWaiting"/>
    public bool Abandon(ServerSlot server, WaitingLine.Waiter waiter)
    {
        lock (_gate)
        {
            if (!server.Waiting.Leave(waiter))
            {
                return false;
            }
            server.Picks++;
            server.Abandoned++;
            return true;
        }
    }

    /// <summary>Takes a place that was waited for: <see cref="Release"/> has kept it free.</summary>
    public Reservation TakePlace(in Reservation awaited)
    {
        long now = Clock.Now;
        ServerSlot server = awaited.Server;
        Reservation reservation;
        Passage passage;
        lock (_gate)
        {
            // It was kept as one that is not there.
            server.Places--;
            _total--;
            reservation = Open(server, server.Destination ?? awaited.Destination, PickReason.Queue, now, out passage);
        }
        Ring.Write(passage);
        return reservation;
    }

    /// <summary>
    /// The connection was upgraded, and lasts as long as its client wants: it keeps its place, and says no more of the server to the agent.
    /// Who releases it gives back a reservation that is not observed.
    /// </summary>
    public void Unobserve(in Reservation reservation)
    {
        long now = Clock.Now;
        ServerSlot server = reservation.Server;
        Passage passage;
        lock (_gate)
        {
            passage = new Passage(
                PassageKind.Abandoned, server.Number, server.Observed, reservation.Number, now, now - reservation.Started);
            server.Observed--;
        }
        Ring.Write(passage);
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
            long now = Clock.Now;
            _servers.Set(list, now, isFirst: !_hasServers);
            _hasServers = true;
            _policy.Renew(_servers.Present);
            Announce(now);
            _events.ServersChanged(this);
        }
    }

    /// <summary>
    /// Other options hold from now on. What is known of the servers stays: what is in flight and was counted, what checks have found, what
    /// an operator has said.
    /// </summary>
    /// <inheritdoc cref="BalancedCluster(ClusterOptions, LiveClock, RandomStream, IClusterEvents, Func{BalancedCluster, IProbes})"/>
    public void Change(ClusterOptions options, RandomStream random, Func<BalancedCluster, IProbes> probes)
    {
        lock (_gate)
        {
            Adopt(options, random, probes);
            foreach (ServerSlot server in _servers.All)
            {
                // What nobody looks at any more says nothing.
                if (options.Health.Path.Length == 0)
                {
                    server.Health.Count(passed: true, fall: 1, rise: 1);
                }
                server.Ejection.IsEjected &= options.Ejection.Enabled;
                // There may be room now.
                server.Waiting.TurnAway();
            }
            _policy.Renew(_servers.Present);
            Announce(Clock.Now);
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

    [MemberNotNull(nameof(Options), nameof(Plane), nameof(_ejection), nameof(_policy))]
    private void Adopt(ClusterOptions options, RandomStream random, Func<BalancedCluster, IProbes> probes)
    {
        Options = options;
        Plane = new WeightPlane(Clock);
        Retries.Share = options.Retries.Budget;
        _ejection = new EjectionRule(options.Ejection);
        _policy = new ClusterPolicy(options, random, () => probes(this));
        _hold.Duration = LiveClock.Of(options.FailureHold);
        _mode = IsLearned ? WeightMode.Learned : WeightMode.Configured;
    }

    private void Refresh(long now)
    {
        Free(now);
        if (IsLearned && _mode == WeightMode.Learned && !ReferenceEquals(Plane.Decision, _policy.Decision))
        {
            _policy.SetWeights(_servers.Present, _mode, Plane.Decision, now);
        }
    }

    /// <summary>Whom a client is bound to; null: nobody, or one that is out of use.</summary>
    private (ServerSlot? Server, PickReason Reason)? Bound(IReadOnlyList<DestinationState> available) =>
        available.Count == 1 && _servers.Present.Length > 1 && _servers.OfDestination(available[0]) is { IsInUse: true } server
            ? (server, PickReason.Affinity)
            : null;

    private bool IsFull(ServerSlot server) => Options.Queue.InFlight > 0 && server.Places >= Options.Queue.InFlight;

    private bool HasRoomInLine(ServerSlot server) => server.Waiting.Length < Options.Queue.Length;

    /// <summary>Of the servers in use whose lines have room; null: none.</summary>
    private ServerSlot? ShortestLine()
    {
        ServerSlot? best = null;
        foreach (ServerSlot server in _servers.Present)
        {
            if (server.IsInUse && HasRoomInLine(server) && (best is null || server.Waiting.Length < best.Waiting.Length))
            {
                best = server;
            }
        }
        return best;
    }

    private Reservation Open(ServerSlot server, DestinationState destination, PickReason reason, long now, out Passage passage)
    {
        Reservation reservation = new(server, destination, ++_number, now, _policy.Decision.Number, IsObserved: true);
        passage = new Passage(PassageKind.Started, server.Number, server.Observed, reservation.Number, now);
        server.Places++;
        server.Observed++;
        server.Picks++;
        _total++;
        _policy.Opened(server, now);
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

    /// <summary>Who is in use may have changed: whoever waits for one that is not looks for another.</summary>
    private void Announce(long now)
    {
        _policy.Announce(_servers.Present, now);
        _policy.SetWeights(_servers.Present, _mode, Plane.Decision, now);
        foreach (ServerSlot server in _servers.All)
        {
            if (!server.IsInUse)
            {
                server.Waiting.TurnAway();
            }
        }
    }
}
