using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Agents.Telemetry;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;

namespace AkkaLb.Runtime.Cluster;

/// <summary>Looks after a node: whether it may be given work, what it knows of its cluster, and whether its shard region is up.</summary>
internal sealed class NodeWatch(NodeOptions options, RunStore store) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2), Answer = TimeSpan.FromSeconds(3);

    // Of the shard coordinator that does not answer, one after the other.
    private const int MaxSilence = 20;

    private static readonly string[] Regions = [LinkAgentExtractor.TypeName, MemberExtractor.TypeName];

    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<Address, DateTimeOffset> _upSince = [];
    private readonly Lock _gate = new();
    private readonly ClusterEntry _entry = new(options, store);
    private readonly ClusterHistory _history = new(store);
    private readonly Meter _meter = new(Metrics.MeterName);
    private Akka.Cluster.Cluster? _cluster;
    private ActorSystem? _system;
    private volatile bool _hasRegion, _hasRuns, _isLeaving;
    private volatile bool _hasDatabase = true;
    private volatile int _shards, _agents;

    /// <summary>Whether the cluster has let the node in.</summary>
    public bool WasMember { get; private set; }

    /// <summary>Ends, with one line, when the node must end.</summary>
    public Task<string> Failed => _failed.Task;

    /// <summary>Whether it may be given work.</summary>
    public bool IsReady => Unready is null;

    /// <summary>
    /// Why it may not be given work: it is no member or leaves, its region is not up though it has one, it should hold the runs and does
    /// not, or its journal cannot be reached. Null: it may. Agents that are there go on whatever it says.
    /// </summary>
    public string? Unready => _isLeaving ? "the node leaves"
        : _cluster is not { IsTerminated: false } cluster || cluster.SelfMember.Status != MemberStatus.Up
            ? NoMember
        : !_hasRegion && options.Roles.Contains(NodeOptions.Agents) ? "the shard region is not up"
        : !_hasRuns ? "this node is to hold the runs, and what plays them is not there"
        : !_hasDatabase ? "the journal cannot be reached"
        : null;

    private string NoMember => WasMember || _entry.Asked is not { Count: > 0 } asked
        ? "the node is no member that is up"
        : $"the node waits until a member lets it in: {string.Join(", ", asked)}";

    /// <summary>Whether the system lives.</summary>
    public bool IsAlive => _system is { WhenTerminated.IsCompleted: false };

    /// <summary>The node is given nothing more: it has been asked to leave.</summary>
    public void Leave() => _isLeaving = true;

    public void Begin(ActorSystem system)
    {
        (_system, _cluster) = (system, Akka.Cluster.Cluster.Get(system));
        _cluster.RegisterOnMemberUp(() => WasMember = true);
        Measure(_cluster);
        _ = GuardAsync(system, () => _entry.JoinAsync(_cluster));
        _ = GuardAsync(system, () => WatchAsync(system));
        _ = NoteAsync(system);
        _ = ReachAsync(system);
        _ = HoldAsync(system);
    }

    /// <summary>Runs would wait without end for the agents of a node that has lost this actor: the node has to end with it.</summary>
    public async Task RequireAsync(ActorSystem system, IActorRef actor)
    {
        await actor.WatchAsync();
        if (CoordinatedShutdown.Get(system).ShutdownReason is null)
        {
            _failed.TrySetResult($"the {actor.Path.Name} actor of this node has ended, see its log; start the node again");
        }
    }

    /// <summary>The node has ended in good order.</summary>
    public Task EndAsync() => _entry.LeaveAsync(_cluster!.SelfAddress);

    /// <summary>The cluster as this node sees it.</summary>
    public async Task<ClusterStatus> StatusAsync()
    {
        Akka.Cluster.Cluster cluster = _cluster!;
        ClusterEvent.CurrentClusterState state = cluster.State;
        IReadOnlyDictionary<string, (int Shards, int Agents)> hosted = await HostedAsync();
        Member? holder = Holder(state);
        lock (_gate)
        {
            NoteMembers(state);
            MemberStatusReport[] members =
            [
                .. state.Members.Select(member => new MemberStatusReport(
                    member.Address.ToString(),
                    [.. member.Roles.Order(StringComparer.Ordinal)],
                    member.Status.ToString(),
                    _upSince.TryGetValue(member.Address, out DateTimeOffset since) ? since : null,
                    hosted.GetValueOrDefault(member.Address.ToString()).Shards,
                    hosted.GetValueOrDefault(member.Address.ToString()).Agents)),
            ];
            return new ClusterStatus(
                members,
                [.. state.Unreachable.Select(member => member.Address.ToString())],
                holder?.Address.ToString(),
                new AgentCounts(members.Sum(m => m.Agents), members.ToDictionary(m => m.Address, m => m.Agents)));
        }
    }

    /// <summary>The oldest that may hold the runs: there the singleton is, or comes to be.</summary>
    private static Member? Holder(ClusterEvent.CurrentClusterState state) => state.Members
        .Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving && m.HasRole(NodeOptions.Learner))
        .Aggregate((Member?)null, (oldest, m) => oldest is null || m.IsOlderThan(oldest) ? m : oldest);

    /// <summary>What has happened to the cluster, the last first.</summary>
    /// <exception cref="RunFailedException">The database cannot be used.</exception>
    public Task<IReadOnlyList<ClusterMoment>> TimelineAsync() => _history.ReadAsync();

    /// <summary>All agents of the cluster, in the order of their names; those of a node that does not answer are missing.</summary>
    public async Task<IReadOnlyList<AgentPlace>> AgentsAsync()
    {
        Address[] hosts =
        [
            .. _cluster!.State.Members
                .Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving && member.HasRole(NodeOptions.Agents))
                .Select(member => member.Address),
        ];
        IReadOnlyList<AgentPlace>[] places =
            await Task.WhenAll(hosts.SelectMany(host => Regions.Select(region => AgentsOfAsync(host, region))));
        return [.. places.SelectMany(agents => agents).OrderBy(agent => agent.Id, NaturalOrder.Instance)];
    }

    public void Dispose() => _meter.Dispose();

    private async Task<IReadOnlyList<AgentPlace>> AgentsOfAsync(Address host, string region)
    {
        try
        {
            CurrentShardRegionState state = await _system!.ActorSelection($"{host}/system/sharding/{region}")
                .Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Answer);
            return [.. state.Shards.SelectMany(shard => shard.EntityIds).Select(id => new AgentPlace(id, host.ToString()))];
        }
        catch (AskTimeoutException)
        {
            return [];
        }
    }

    /// <summary>What is asked for while the node lives.</summary>
    private void Measure(Akka.Cluster.Cluster cluster)
    {
        Metrics.ClusterMembers.Observe(_meter, () => cluster.State.Members.CountBy(member => member.Status)
            .Select(status => new Measurement<double>(status.Value, Metrics.Tag("status", status.Key.ToString()))));
        Metrics.ClusterUnreachable.Observe(_meter, () => cluster.State.Unreachable.Count);
        Metrics.ClusterShards.Observe(_meter, () => _shards);
        Metrics.ClusterAgents.Observe(_meter, () => _agents);
        Metrics.NodeReady.Observe(_meter, () => IsReady ? 1 : 0);
    }

    private async Task<IReadOnlyDictionary<string, (int Shards, int Agents)>> HostedAsync()
    {
        try
        {
            ClusterShardingStats[] stats = await Task.WhenAll(
                Regions.Select(region => Region(region).Ask<ClusterShardingStats>(new GetClusterShardingStats(Answer), Answer + Answer)));
            return stats.SelectMany(region => region.Regions).GroupBy(node => node.Key.ToString()).ToDictionary(
                node => node.Key, node => (node.Sum(r => r.Value.Stats.Count), node.Sum(r => r.Value.Stats.Values.Sum())));
        }
        catch (Exception e) when (e is AskTimeoutException or ArgumentException)
        {
            return new Dictionary<string, (int, int)>();
        }
    }

    private IActorRef Region(string name) => ClusterSharding.Get(_system!).ShardRegion(name);

    /// <summary>Looks whether the journal's database answers, and tells it that this member lives.</summary>
    private async Task ReachAsync(ActorSystem system)
    {
        using PeriodicTimer timer = new(Look);
        while (await timer.WaitForNextTickAsync() && !system.WhenTerminated.IsCompleted)
        {
            try
            {
                bool isUp = _cluster!.SelfMember.Status == MemberStatus.Up;
                await (isUp ? _entry.TellAsync(_cluster.SelfAddress) : store.PingAsync()).WaitAsync(Answer);
                _hasDatabase = true;
            }
            catch (Exception e) when (e is RunFailedException or TimeoutException or ObjectDisposedException)
            {
                _hasDatabase = false;
            }
        }
    }

    /// <summary>Keeps what happens to the cluster.</summary>
    private async Task NoteAsync(ActorSystem system)
    {
        using PeriodicTimer timer = new(Look);
        while (await timer.WaitForNextTickAsync() && !system.WhenTerminated.IsCompleted)
        {
            try
            {
                ClusterStatus status = await StatusAsync();
                await _history.SeeAsync(status, AgentsAsync, status.Singleton == _cluster!.SelfAddress.ToString());
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Nobody needs it to go on with a run; the next look has what this one has not.
                system.Log.Debug("What happens to the cluster is not noted: {0}", e.Message);
            }
        }
    }

    /// <summary>Looks whether what plays the runs is here, if it is to be: then all runs of the cluster stand still without it.</summary>
    private async Task HoldAsync(ActorSystem system)
    {
        ActorSelection runs = system.ActorSelection($"/user/{RunsActor.Name}/{RunsActor.Name}");
        using PeriodicTimer timer = new(Look);
        while (await timer.WaitForNextTickAsync() && !system.WhenTerminated.IsCompleted)
        {
            try
            {
                _hasRuns = Holder(_cluster!.State)?.UniqueAddress != _cluster.SelfUniqueAddress
                    || (await runs.Ask<ActorIdentity>(new Identify(null), Answer)).Subject is not null;
            }
            catch (AskTimeoutException)
            {
                _hasRuns = false;
            }
        }
    }

    private async Task GuardAsync(ActorSystem system, Func<Task> watch)
    {
        try
        {
            await watch();
        }
        catch (Exception e) when (!system.WhenTerminated.IsCompleted)
        {
            _failed.TrySetResult($"the node cannot be watched any more: {e.Message.ReplaceLineEndings(" ")}");
        }
        catch (Exception)
        {
            // The system that is watched has ended meanwhile.
        }
    }

    /// <summary>A region that never finds its coordinator would take no agents, and nobody would know (akka.net #8583, #8586).</summary>
    private async Task WatchAsync(ActorSystem system)
    {
        using PeriodicTimer timer = new(Look);
        for (int silence = 0; !system.WhenTerminated.IsCompleted;)
        {
            await timer.WaitForNextTickAsync();
            lock (_gate)
            {
                NoteMembers(_cluster!.State);
            }
            if (!options.Roles.Contains(NodeOptions.Agents) || _cluster.SelfMember.Status != MemberStatus.Up)
            {
                continue;
            }
            try
            {
                await Region(LinkAgentExtractor.TypeName).Ask<CurrentRegions>(GetCurrentRegions.Instance, Answer);
                (_hasRegion, silence) = (true, 0);
                ShardRegionStats[] here = await Task.WhenAll(
                    Regions.Select(region => Region(region).Ask<ShardRegionStats>(GetShardRegionStats.Instance, Answer)));
                (_shards, _agents) = (here.Sum(r => r.Stats.Count), here.Sum(r => r.Stats.Values.Sum()));
            }
            catch (Exception e) when (e is AskTimeoutException or ArgumentException)
            {
                if (++silence > MaxSilence)
                {
                    _failed.TrySetResult("the shard region of this node finds no coordinator; start the node again");
                    return;
                }
            }
        }
    }

    private void NoteMembers(ClusterEvent.CurrentClusterState state)
    {
        foreach (Member member in state.Members.Where(member => member.Status == MemberStatus.Up))
        {
            _upSince.TryAdd(member.Address, TimeProvider.System.GetUtcNow());
        }
        foreach (Address gone in _upSince.Keys.Except(state.Members.Select(member => member.Address)).ToArray())
        {
            _upSince.Remove(gone);
        }
    }
}
