using Akka.Actor;
using AkkaLb.Agents.Plays.Members;

namespace AkkaLb.Agents.Plays;

/// <summary>
/// What a game and an episode of a data centre have in common: they begin when all their actors are there, children of theirs or shard
/// entities on a cluster, and end when one of these is lost.
/// </summary>
/// <remarks>It is played by a <see cref="PlayActor"/>, which begins it again.</remarks>
public abstract class PlayParent : ReceiveActor
{
    private readonly IActorRef _self = Context.Self;
    private IActorRef _starter = ActorRefs.Nobody;

    protected PlayParent()
    {
        Receive<PlayCommands.StartPlay>(_ =>
        {
            _starter = Sender;
            if (Members is null)
            {
                Begin();
            }
            else
            {
                Members.Begin(Context);
            }
        });
        Receive<PlayCommands.StopPlay>(_ => IsStopping = true);
        Receive<MemberBegun>(begun =>
        {
            if (Members!.Count(begun, Context))
            {
                Begin();
            }
        });
        Receive<SendPolicy>(ask => Members!.Send(ask.Policy, Context));
        Receive<MemberFailed>(failed => Context.Parent.Tell(new PlayEvents.PlayFailed(failed.Reason)));
        Receive<Terminated>(ended => Crash(ended.ActorRef.Path.Name));
        Receive<ReceiveTimeout>(_ => Crash("silent"));
    }

    /// <summary>Those on a cluster; null: all are children of this actor.</summary>
    private protected PlayMembers? Members { get; init; }

    /// <summary>Whether it was asked to end early.</summary>
    protected bool IsStopping { get; private set; }

    // A blank successor does not know what the others told its predecessor: the play is begun again.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>All are there.</summary>
    protected abstract void Begin();

    /// <summary>The play is over.</summary>
    protected void End(IPlayOutcome outcome)
    {
        Members?.End(Context);
        _starter.Tell(outcome);
        Context.Stop(_self);
    }

    protected static IActorRef Spawn(Props props, string name) => Context.Watch(Context.ActorOf(props, name));

    private void Crash(string actor)
    {
        Context.Parent.Tell(new PlayEvents.PlayCrashed(actor));
        Context.Stop(_self);
    }
}
