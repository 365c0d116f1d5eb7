using AkkaLb.Engine;
using static AkkaLb.Engine.ActorHooks;

namespace Akka.Actor;

/// <summary>Gives the context of an actor to the engine's extensions.</summary>
public interface IInternalActor
{
    /// <summary>The actor's context.</summary>
    IActorContext ActorContext { get; }
}

/// <summary>An actor: state that is touched by one message at a time, and the hooks of its life cycle.</summary>
public abstract class ActorBase : IInternalActor
{
    private readonly ActorCell _cell;

    /// <summary>Made by the engine only; throws <see cref="ActorInitializationException"/> outside of it.</summary>
    protected ActorBase() => _cell = ActorCell.Current ?? throw new ActorInitializationException(
        "Do not create actors using 'new', always create them using an ActorContext/System");

    IActorContext IInternalActor.ActorContext => _cell;

    /// <summary>A behaviour that leaves every message unhandled.</summary>
    protected static Receive EmptyReceive { get; } = static _ => false;

    /// <summary>The context of the actor whose turn it is on this thread.</summary>
    protected static IActorContext Context => ActorCell.Current ?? throw NoContext();

    /// <summary>This actor.</summary>
    protected IActorRef Self => _cell.Self;

    /// <summary>Who sent the message in hand; the dead letters when nobody did.</summary>
    protected IActorRef Sender => (ActorCell.Current ?? throw NoContext()).Sender;

    internal ActorCell Cell => _cell;

    /// <summary>Handles a message; false leaves it unhandled.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Stands around every message; overrides must call the base.</summary>
    protected internal virtual bool AroundReceive(Receive receive, object message) => receive(message);

    /// <summary>Stands around <see cref="PreStart"/>.</summary>
    public virtual void AroundPreStart() => PreStart();

    /// <summary>Stands around <see cref="PreRestart"/>.</summary>
    public virtual void AroundPreRestart(Exception cause, object? message) => PreRestart(cause, message);

    /// <summary>Stands around <see cref="PostRestart"/>.</summary>
    public virtual void AroundPostRestart(Exception cause, object? message) => PostRestart(cause);

    /// <summary>Stands around <see cref="PostStop"/>.</summary>
    public virtual void AroundPostStop() => PostStop();

    /// <summary>Runs before the first message.</summary>
    protected virtual void PreStart() { }

    /// <summary>Runs on the old instance before a restart; by default stops all children and calls <see cref="PostStop"/>.</summary>
    protected virtual void PreRestart(Exception reason, object? message)
    {
        _cell.StopAllChildren();
        PostStop();
    }

    /// <summary>Runs on the new instance after a restart; by default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>Runs after the last message.</summary>
    protected virtual void PostStop() { }

    /// <summary>How this actor supervises its children; asked once per instance.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>Takes messages that no behaviour handled: publishes them, and throws for <see cref="Terminated"/>.</summary>
    protected virtual void Unhandled(object message) => _cell.PublishUnhandled(message);

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(Receive receive) => _cell.Become(receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    /// <summary>Goes back to the behaviour below.</summary>
    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    /// <summary>Asks for <see cref="ReceiveTimeout"/> after a time without messages; null takes it back.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);

    /// <summary>Called by the cell when the constructor has returned.</summary>
    internal virtual void ConstructionEnded() { }

    internal bool ReceiveDirect(object message) => Receive(message);

    internal void UnhandledDirect(object message) => Unhandled(message);

    internal SupervisorStrategy MakeSupervisorStrategy() => SupervisorStrategy();
}
