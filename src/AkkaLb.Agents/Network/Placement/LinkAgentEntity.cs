using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>
/// The shard entity of a link: parent of its agent, which it starts for every session of the run, restarts after a crash, and brings back
/// when the database was gone that it stores in.
/// </summary>
public sealed class LinkAgentEntity : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string _run;
    private readonly int _link;
    private readonly IActorRef _relay;
    private Begin? _begin;
    private IActorRef? _agent;
    private int _crashes;
    private bool _isRenewed;

    public LinkAgentEntity(string entityId, IActorRef relay)
    {
        int slash = entityId.LastIndexOf('/');
        (_run, _link, _relay) = (entityId[..slash], int.Parse(entityId[(slash + 1)..], CultureInfo.InvariantCulture), relay);
        // It is awake.
        Receive<WakeLinkAgent>(_ => { });
        Receive<Begin>(begin =>
        {
            (_begin, _crashes) = (begin, 0);
            if (_agent is null)
            {
                Start();
            }
            else
            {
                _isRenewed = true;
                Context.Stop(_agent);
            }
        });
        Receive<Revive>(_ => Start());
        Receive<Terminated>(ended =>
        {
            _relay.Tell(new RelayCommands.LeaveAgent(_run, _link), ended.ActorRef);
            _agent = null;
            if (_isRenewed)
            {
                _isRenewed = false;
                Start();
            }
            else if (_crashes <= NetworkActor.MaxRestarts)
            {
                // It could not store or recover; the database may come back.
                Timers.StartSingleTimer(Revive.Instance, Revive.Instance, Pause);
            }
        });
        Receive<End>(_ => Context.Parent.Tell(new Passivate(PoisonPill.Instance)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string entityId, IActorRef relay) => Akka.Actor.Props.Create(() => new LinkAgentEntity(entityId, relay));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ =>
    {
        if (++_crashes <= NetworkActor.MaxRestarts)
        {
            return Directive.Restart;
        }
        LinkId link = new(_link);
        string name = _begin!.Run.Model.Topology.Describe(link);
        string reason = $"the agent of link {name} crashed more than {NetworkActor.MaxRestarts} times";
        _begin.Agents.TellNetwork(new LinkAgentEvents.LinkAgentFailed(link, reason), Self);
        return Directive.Stop;
    });

    protected override void PreStart() => _relay.Tell(new RelayCommands.JoinEntity(_run, _link), Self);

    protected override void PostStop() => _relay.Tell(new RelayCommands.LeaveEntity(_run, _link), Self);

    private void Start()
    {
        if (_agent is not null || _begin is not { } begin)
        {
            return;
        }
        LinkAgentRun run = begin.Run;
        LinkId link = new(_link);
        IActorRef self = Self;
        AgentJournal? journal = run.Journal is null
            ? null
            : run.Journal with
            {
                Failed = reason => begin.Agents.TellNetwork(new LinkAgentEvents.LinkAgentFailed(link, reason), self),
            };
        Props agent = LinkAgentActor.Props(run.Model, link, run.InitialWeights[_link], run.Seed, begin.Agents, journal);
        _agent = Context.Watch(Context.ActorOf(agent));
    }

    /// <summary>A session of the run begins: start the agent, anew if need be.</summary>
    internal sealed record Begin(LinkAgentRun Run, NodeAgents Agents) : INoSerializationVerificationNeeded;

    /// <summary>The run has ended.</summary>
    internal sealed record End : INoSerializationVerificationNeeded
    {
        public static End Instance { get; } = new();
    }

    private sealed record Revive : INoSerializationVerificationNeeded
    {
        public static Revive Instance { get; } = new();
    }
}
