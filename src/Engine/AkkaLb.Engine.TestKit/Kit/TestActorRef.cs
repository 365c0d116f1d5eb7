using Akka.Actor;
using Akka.Dispatch.SysMsg;
using AkkaLb.Engine.TestKit;

namespace Akka.TestKit;

/// <summary>An actor that handles every message on the thread that sends it, and whose instance the test may look at.</summary>
public abstract class TestActorRefBase<TActor> : IInternalActorRef, IHasLocalActor
    where TActor : ActorBase
{
    private readonly LocalActorRef actor;

    /// <summary>Creates the actor below <paramref name="supervisor"/>, or below the user guardian.</summary>
    protected TestActorRefBase(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null) =>
        actor = (LocalActorRef)Local(supervisor ?? ((ExtendedActorSystem)system).Guardian).Cell
            .AttachChild(actorProps.WithDispatcher(CallingThreadDispatcher.Id), name);

    /// <summary>The actor's reference.</summary>
    public IActorRef Ref => actor;

    /// <summary>The actor itself: its present instance.</summary>
    /// <exception cref="IllegalActorStateException">The actor has stopped.</exception>
    public TActor UnderlyingActor =>
        (TActor)(actor.Cell.Actor ?? throw new IllegalActorStateException($"{actor} has no instance: it has stopped or failed to start"));

    /// <summary>The place of the actor.</summary>
    public ActorPath Path => actor.Path;

    LocalActorRef IHasLocalActor.Actor => actor;

    IInternalActorRef IInternalActorRef.Parent => actor.Parent;

    IActorRefProvider IInternalActorRef.Provider => actor.Provider;

    bool IInternalActorRef.IsTerminated => actor.IsTerminated;

    bool IActorRefScope.IsLocal => true;

    /// <summary>Lets the actor handle a message at once, without mailbox or supervision: what it throws is thrown here.</summary>
    public void Receive(object message, IActorRef? sender = null) => actor.Cell.ReceiveMessageForTest(new Envelope(message, sender ?? actor.Cell.System.DeadLetters));

    /// <summary>Sends a message, which is handled before this returns.</summary>
    public void Tell(object message) => Tell(message, ActorCell.Current?.Self ?? ActorRefs.NoSender);

    /// <summary>Sends a message, which is handled before this returns.</summary>
    public void Tell(object message, IActorRef? sender) => ((ICanTell)actor).Tell(message, sender);

    /// <summary>Sends a message with the sender of the one at hand.</summary>
    public void Forward(object message) => Tell(message, ActorCell.Current?.Sender ?? ActorRefs.NoSender);

    /// <summary>Passes a system message to the actor.</summary>
    public void SendSystemMessage(ISystemMessage message) => actor.SendSystemMessage(message);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IActorRef other && ((IActorRef)this).Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => actor.GetHashCode();

    /// <summary>The actor's reference.</summary>
    public override string ToString() => actor.ToString();

    /// <summary>Compares the actor with another.</summary>
    public int CompareTo(object? obj) => actor.CompareTo(obj);

    bool IEquatable<IActorRef>.Equals(IActorRef? other) => actor.Equals(other);

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => actor.CompareTo(other);

    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => actor.GetChild(name);

    void IInternalActorRef.Start() => actor.Start();

    void IInternalActorRef.Stop() => actor.Stop();

    void IInternalActorRef.Restart(Exception? cause) => actor.Restart(cause);

    void IInternalActorRef.Suspend() => actor.Suspend();

    void IInternalActorRef.Resume(Exception? causedByFailure) => actor.Resume(causedByFailure);

    private static LocalActorRef Local(IActorRef supervisor) => supervisor switch
    {
        LocalActorRef local => local,
        IHasLocalActor test => test.Actor,
        _ => throw new ArgumentException($"{supervisor} is not a local actor, so it cannot supervise", nameof(supervisor)),
    };
}

/// <inheritdoc/>
public class TestActorRef<TActor> : TestActorRefBase<TActor>
    where TActor : ActorBase
{
    /// <summary>Creates the actor below <paramref name="parent"/>, or below the user guardian.</summary>
    public TestActorRef(ActorSystem system, Props actorProps, IActorRef? parent = null, string? name = null)
        : base(system, actorProps, parent, name)
    {
    }
}
