using Akka.Actor;
using Akka.Event;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Plays;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>
/// One on every node that hosts agents: knows which agents of which runs are here, tells their networks, takes placements from them, and
/// receives the frames of other nodes.
/// </summary>
public sealed class RelayActor : ReceiveActor, IWithTimers
{
    /// <summary>The name under which every node has one.</summary>
    public const string Name = "relay";

    // A network asks every second; agents of one that does so no longer end.
    private const int LooksWithoutNetwork = 6;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private const int RefusalsPerFailure = 50;

    // Agents that come and go within it are one report.
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(20);

    private readonly ILinkAgentRuns _runs;
    private readonly string _node;
    private readonly Dictionary<string, HostedRun> _hosted = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="node">Address of this node, as placements name it.</param>
    public RelayActor(ILinkAgentRuns runs, Address node)
    {
        (_runs, _node) = (runs, node.ToString());
        Receive<Frame>(OnFrame);
        Receive<RelayCommands.SendWaiting>(waiting => waiting.Agents.Flush());
        Receive<RelayCommands.Attach>(OnAttach);
        Receive<RelayCommands.Detach>(OnDetach);
        Receive<RelayCommands.TakePlacement>(OnTakePlacement);
        Receive<RelayCommands.JoinEntity>(join =>
        {
            HostedRun run = Of(join.Run);
            run.Entities[join.Link] = Sender;
            if (run.Agents is not null)
            {
                Sender.Tell(new LinkAgentEntity.Begin(run.Loaded!, run.Agents));
            }
        });
        Receive<RelayCommands.LeaveEntity>(leave =>
        {
            if (_hosted.TryGetValue(leave.Run, out HostedRun? run) && run.Entities.TryGetValue(leave.Link, out IActorRef? entity)
                && entity.Equals(Sender))
            {
                run.Entities.Remove(leave.Link);
                Remove(run, leave.Link, null);
            }
        });
        Receive<RelayCommands.JoinAgent>(OnJoinAgent);
        Receive<RelayCommands.LeaveAgent>(leave =>
        {
            if (_hosted.TryGetValue(leave.Run, out HostedRun? run))
            {
                Remove(run, leave.Link, Sender);
            }
        });
        Receive<RunLoaded>(OnRunLoaded);
        Receive<ReportNow>(now =>
        {
            if (_hosted.TryGetValue(now.Run, out HostedRun? run))
            {
                Report(run);
            }
        });
        Receive<LookForRuns>(_ => OnLookForRuns());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ILinkAgentRuns runs, Address node) => Akka.Actor.Props.Create(() => new RelayActor(runs, node));

    protected override void PreStart() => Timers.StartPeriodicTimer(LookForRuns.Instance, LookForRuns.Instance, Look);

    private HostedRun Of(string name)
    {
        if (!_hosted.TryGetValue(name, out HostedRun? run))
        {
            _hosted.Add(name, run = new HostedRun(name));
        }
        return run;
    }

    private void OnAttach(RelayCommands.Attach attach)
    {
        HostedRun run = Of(attach.Run);
        run.Looks = 0;
        if (attach.Session < run.Session)
        {
            // A network that does not know yet that another one has taken its place.
            return;
        }
        if (attach.Session > run.Session || !Sender.Equals(run.Network))
        {
            (run.Session, run.Network) = (attach.Session, Sender);
            run.Agents?.Close();
            run.Agents = null;
            if (run.Loaded is not null)
            {
                Begin(run);
            }
        }
        if (run.Loaded is null && !run.IsLoading)
        {
            run.IsLoading = true;
            IActorRef self = Self;
            Load(_runs, run.Name).PipeTo(self);
        }
        Report(run);
    }

    private static async Task<RunLoaded> Load(ILinkAgentRuns runs, string name)
    {
        try
        {
            return new RunLoaded(name, await runs.LoadAsync(name), null);
        }
        catch (Exception e)
        {
            return new RunLoaded(name, null, e);
        }
    }

    private void OnRunLoaded(RunLoaded loaded)
    {
        if (!_hosted.TryGetValue(loaded.Name, out HostedRun? run))
        {
            // It has ended meanwhile.
            return;
        }
        run.IsLoading = false;
        if (loaded.Run is null)
        {
            _log.Warning("Run {0} cannot be read, and is tried again: {1}", loaded.Name, loaded.Failure!.Message);
            if (loaded.Failure is CannotHostException && ++run.Refusals % RefusalsPerFailure == 0)
            {
                // Its agents would be waited for without end, and nobody told why.
                run.Network.Tell(new LinkAgentEvents.LinkAgentFailed(new LinkId(0), $"{_node}: {loaded.Failure.Message}"));
            }
            return;
        }
        run.Loaded = loaded.Run;
        Begin(run);
        Report(run);
    }

    private void Begin(HostedRun run)
    {
        run.Agents = new NodeAgents(run.Name, run.Session, run.Loaded!.Model, Self, run.Network);
        run.Reader.Clear();
        run.Version++;
        foreach (IActorRef entity in run.Entities.Values)
        {
            entity.Tell(new LinkAgentEntity.Begin(run.Loaded, run.Agents));
        }
    }

    private void OnJoinAgent(RelayCommands.JoinAgent join)
    {
        if (!_hosted.TryGetValue(join.Run, out HostedRun? run) || run.Agents is not { } agents || join.Session != run.Session
            || Sender.Equals(agents.Local[join.Link]))
        {
            return;
        }
        agents.Set(join.Link, Sender);
        run.Version++;
        ReportSoon(run);
    }

    private void Remove(HostedRun run, int link, IActorRef? agent)
    {
        if (run.Agents?.Local[link] is { } here && (agent is null || here.Equals(agent)))
        {
            run.Agents.Set(link, null);
            run.Version++;
            ReportSoon(run);
        }
    }

    /// <summary>Agents come and go together.</summary>
    private void ReportSoon(HostedRun run)
    {
        if (!Timers.IsTimerActive(run.Name))
        {
            Timers.StartSingleTimer(run.Name, new ReportNow(run.Name), Together);
        }
    }

    private void OnTakePlacement(RelayCommands.TakePlacement placement)
    {
        if (!_hosted.TryGetValue(placement.Run, out HostedRun? run) || placement.Session != run.Session
            || run.Agents is not { } agents || placement.Epoch <= agents.Epoch)
        {
            return;
        }
        ActorPath here = Self.Path;
        agents.Take(placement, [.. placement.Nodes.Select(node => node == _node ? null : RelayOf(Context.System, node, here))]);
        run.Reader.Clear();
        Sender.Tell(new RelayEvents.PlacementTaken(run.Name, run.Session, placement.Epoch));
    }

    /// <summary>The relay of another node, without asking it: a node that is there no longer hears nothing.</summary>
    internal static IActorRef RelayOf(ActorSystem system, string node, ActorPath path) =>
        ((ExtendedActorSystem)system).Provider.ResolveActorRef($"{node}{path.ToStringWithoutAddress()}");

    private void OnFrame(Frame frame)
    {
        if (!_hosted.TryGetValue(frame.Run, out HostedRun? run) || run.Agents is not { } agents
            || frame.Session != run.Session || frame.Epoch != agents.Epoch)
        {
            return;
        }
        try
        {
            IReadOnlyList<IMessage> messages = run.Reader.Take(Sender, frame);
            agents.Deliver(messages);
            if (messages is [.., LinkAgentCommands.StoreEpisodes])
            {
                // A block ends: its network counts what it has cost.
                Report(run);
            }
        }
        catch (InvalidDataException e)
        {
            _log.Warning("A frame from {0} is dropped: {1}", Sender.Path.Address, e.Message);
        }
    }

    private void OnDetach(RelayCommands.Detach detach)
    {
        if (_hosted.TryGetValue(detach.Run, out HostedRun? run) && detach.Session >= run.Session)
        {
            End(run);
        }
    }

    private void OnLookForRuns()
    {
        foreach (HostedRun run in _hosted.Values.Where(run => ++run.Looks > LooksWithoutNetwork).ToArray())
        {
            End(run);
        }
    }

    private void End(HostedRun run)
    {
        run.Agents?.Close();
        foreach (IActorRef entity in run.Entities.Values)
        {
            entity.Tell(LinkAgentEntity.End.Instance);
        }
        _hosted.Remove(run.Name);
    }

    private void Report(HostedRun run)
    {
        if (run.Agents is not { } agents)
        {
            return;
        }
        int[] links = [.. Enumerable.Range(0, agents.Local.Count).Where(link => agents.Local[link] is not null)];
        (long frames, long bytes) = agents.Sent;
        run.Network.Tell(new RelayEvents.Hosting(
            run.Name, run.Session, run.Version, links, [.. links.Select(link => agents.Local[link]!.Path.Uid)], frames, bytes));
    }

    /// <summary>A run that has agents here, or had.</summary>
    private sealed class HostedRun(string name)
    {
        public string Name => name;

        public Dictionary<int, IActorRef> Entities { get; } = [];

        public FrameReader Reader { get; } = new();

        public long Session { get; set; } = -1;

        public IActorRef Network { get; set; } = ActorRefs.Nobody;

        public LinkAgentRun? Loaded { get; set; }

        public bool IsLoading { get; set; }

        public NodeAgents? Agents { get; set; }

        public int Version { get; set; }

        /// <summary>Times that it could not be read here, though waiting does not help.</summary>
        public int Refusals { get; set; }

        /// <summary>Since the network has asked.</summary>
        public int Looks { get; set; }
    }

    private sealed record RunLoaded(string Name, LinkAgentRun? Run, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed record ReportNow(string Run) : INotInfluenceReceiveTimeout;

    private sealed class LookForRuns : INotInfluenceReceiveTimeout
    {
        public static LookForRuns Instance { get; } = new();
    }
}
