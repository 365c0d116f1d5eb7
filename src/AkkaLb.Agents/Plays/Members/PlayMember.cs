using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using AkkaLb.Agents.Journals;

namespace AkkaLb.Agents.Plays.Members;

/// <summary>
/// The shard entity of a member of a play: starts its actor blank for every attempt at the play, and hands it what belongs to that. When
/// the actor ends it ends too, and with it the attempt.
/// </summary>
public sealed class PlayMember : ReceiveActor, IWithTimers
{
    // The database may come back that a member cannot store in.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Of a policy that is fetched: a play that does not send it is lost, or begun again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IPlayRuns _runs;
    private readonly IActorRef _policies;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ToMember? _begun;
    private IMemberPlan? _plan;
    private IActorRef _play = ActorRefs.Nobody;
    private IActorRef? _actor;
    private bool _isRenewed;

    /// <param name="policies">This node's <see cref="NodePolicies"/>.</param>
    public PlayMember(IPlayRuns runs, IActorRef policies)
    {
        (_runs, _policies) = (runs, policies);
        Receive<ToMember>(OnTold);
        Receive<RunLoaded>(loaded => loaded.Attempt == _begun!.Attempt, Start);
        Receive<LoadFailed>(failed => failed.Attempt == _begun!.Attempt, failed =>
        {
            Exception cause = failed.Cause is AggregateException { InnerException: { } inner } ? inner : failed.Cause;
            _log.Warning("{0} cannot begin: {1}", Self.Path.Name, cause.Message);
            if (cause is CannotHostException)
            {
                _play.Tell(new MemberFailed($"{((ExtendedActorSystem)Context.System).Provider.DefaultAddress}: {cause.Message}"));
            }
            EndSoon();
        });
        Receive<Terminated>(ended => ended.ActorRef.Equals(_play), _ => EndSoon());
        Receive<Terminated>(ended => ended.ActorRef.Equals(_actor), _ =>
        {
            _actor = null;
            if (_isRenewed)
            {
                _isRenewed = false;
                Load();
            }
            else
            {
                EndSoon();
            }
        });
        Receive<GoAway>(_ => End());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IPlayRuns runs, IActorRef policies) => Akka.Actor.Props.Create(() => new PlayMember(runs, policies));

    // A blank successor would not know what the others told its predecessor.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnTold(ToMember told)
    {
        switch (told.Content)
        {
            case BeginMember begin when told.Attempt > (_begun?.Attempt ?? -1):
                Begin(told, begin.Plan);
                break;
            case EndMember when told.Attempt >= (_begun?.Attempt ?? -1):
                End();
                break;
            case { } content when told.Attempt == _begun?.Attempt && !_isRenewed:
                _actor?.Tell(content, Sender);
                break;
        }
    }

    private void Begin(ToMember told, IMemberPlan plan)
    {
        Context.Unwatch(_play);
        (_begun, _plan, _play) = (told, plan, Context.Watch(Sender));
        Timers.CancelAll();
        if (_actor is null)
        {
            Load();
        }
        else
        {
            _isRenewed = true;
            Context.Stop(_actor);
        }
    }

    private void Load()
    {
        long attempt = _begun!.Attempt;
        Load(_begun, _plan!.Policy, _play).PipeTo(Self, failure: cause => new LoadFailed(cause, attempt));
    }

    private async Task<RunLoaded> Load(ToMember begun, ParcelKey? policy, IActorRef play)
    {
        Task<PlayRun> run = _runs.LoadAsync(begun.Run);
        byte[]? learnt = policy is null ? null : await _policies.Ask<byte[]>(new GetPolicy(begun.Run, policy, play), Patience);
        return new RunLoaded(await run, learnt, begun.Attempt);
    }

    private void Start(RunLoaded loaded)
    {
        (IActorRef self, IActorRef play) = (Self, _play);
        AgentJournal? journal = loaded.Run.Journal is null
            ? null
            : loaded.Run.Journal with { Failed = reason => play.Tell(new MemberFailed(reason), self) };
        IActorRef region = ClusterSharding.Get(Context.System).ShardRegion(MemberExtractor.TypeName);
        MemberAddresses addresses = new(_begun!.Run, loaded.Attempt, region, play);
        _actor = Context.Watch(Context.ActorOf(_plan!.MakeProps(new MemberPlace(loaded.Run, addresses, journal, loaded.Policy))));
        play.Tell(new MemberBegun(_begun.Member), self);
    }

    /// <summary>By the shard, which keeps what comes meanwhile for a successor.</summary>
    private void End() => Context.Parent.Tell(new Passivate(PoisonPill.Instance));

    /// <summary>Unless the play is begun again first.</summary>
    private void EndSoon() => Timers.StartSingleTimer(GoAway.Instance, GoAway.Instance, Pause);

    private sealed record RunLoaded(PlayRun Run, byte[]? Policy, long Attempt) : INoSerializationVerificationNeeded;

    private sealed record LoadFailed(Exception Cause, long Attempt) : INoSerializationVerificationNeeded;

    private sealed record GoAway : INoSerializationVerificationNeeded
    {
        public static GoAway Instance { get; } = new();
    }
}
