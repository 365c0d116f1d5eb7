using Akka.Actor;
using AkkaLb.Engine;

namespace Akka.Persistence;

/// <summary>A persistent actor with one function for recovery and one for commands.</summary>
public abstract class PersistentActor : Eventsourced
{
    /// <inheritdoc />
    protected override bool Receive(object message) => ReceiveCommand(message);
}

/// <summary>A persistent actor with one handler for recovery and one for commands.</summary>
public abstract class UntypedPersistentActor : PersistentActor
{
    /// <summary>The context of the actor whose turn it is on this thread.</summary>
    protected new static IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    /// <summary>Handles an event, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/> of the recovery.</summary>
    protected abstract void OnRecover(object message);

    /// <summary>Handles a command; calls <c>Unhandled</c> for what it does not know.</summary>
    protected abstract void OnCommand(object message);

    /// <inheritdoc />
    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    /// <inheritdoc />
    protected sealed override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);
}
