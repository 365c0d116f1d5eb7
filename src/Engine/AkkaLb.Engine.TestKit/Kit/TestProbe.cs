using Akka.Actor;
using Akka.Dispatch.SysMsg;
using AkkaLb.Engine.TestKit;

namespace Akka.TestKit;

/// <summary>A test actor with its own expectations; usable as a reference to it.</summary>
public class TestProbe : TestKitBase, INoImplicitSender, IInternalActorRef, IHasLocalActor
{
    /// <summary>A probe in an actor system.</summary>
    public TestProbe(ActorSystem system, ITestKitAssertions assertions, string? testProbeName = null)
        : base(assertions, system, testProbeName)
    {
    }

    /// <summary>The probe's actor.</summary>
    public IActorRef Ref => TestActor;

    /// <summary>Who sent the last message.</summary>
    public IActorRef Sender => LastSender;

    LocalActorRef IHasLocalActor.Actor => (LocalActorRef)TestActor;

    ActorPath IActorRef.Path => TestActor.Path;

    IInternalActorRef IInternalActorRef.Parent => Internal.Parent;

    IActorRefProvider IInternalActorRef.Provider => Internal.Provider;

    bool IInternalActorRef.IsTerminated => Internal.IsTerminated;

    bool IActorRefScope.IsLocal => Internal.IsLocal;

    private IInternalActorRef Internal => (IInternalActorRef)TestActor;

    /// <summary>Tells an actor something with the probe as sender.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Answers the sender of the last message.</summary>
    public void Reply(object message) => LastSender.Tell(message, TestActor);

    /// <summary>Forwards the last message with its sender.</summary>
    public void Forward(IActorRef actor) => Forward(actor, LastMessage ?? throw new InvalidOperationException("no message was received that could be forwarded"));

    /// <summary>Sends a message with the sender of the last one.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, LastSender);

    /// <inheritdoc/>
    public override TestProbe CreateTestProbe(string? name = null) => throw new NotSupportedException("create probes from the test kit, not from a probe");

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IActorRef other && ((IActorRef)this).Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => TestActor.GetHashCode();

    /// <summary>The probe's actor.</summary>
    public override string ToString() => TestActor.ToString()!;

    /// <summary>Compares the probe's actor with another.</summary>
    public int CompareTo(object? obj) => TestActor.CompareTo(obj);

    /// <summary>Passes a system message to the probe's actor.</summary>
    public void SendSystemMessage(ISystemMessage message) => Internal.SendSystemMessage(message);

    void ICanTell.Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);

    bool IEquatable<IActorRef>.Equals(IActorRef? other) => TestActor.Equals(other is TestProbe probe ? probe.TestActor : other);

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => TestActor.CompareTo(other);

    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => Internal.GetChild(name);

    void IInternalActorRef.Start() => Internal.Start();

    void IInternalActorRef.Stop() => Internal.Stop();

    void IInternalActorRef.Restart(Exception? cause) => Internal.Restart(cause);

    void IInternalActorRef.Suspend() => Internal.Suspend();

    void IInternalActorRef.Resume(Exception? causedByFailure) => Internal.Resume(causedByFailure);
}
