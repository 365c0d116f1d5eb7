using Akka.Actor;

namespace Akka.TestKit.TestActors;

/// <summary>Sends every message back to its sender, and to the test actor of its test kit.</summary>
public class EchoActor : ReceiveActor
{
    /// <summary>An echo.</summary>
    /// <param name="testkit">Whose test actor gets a copy.</param>
    /// <param name="echoBackToSenderAsWell">Whether the sender gets its message back.</param>
    public EchoActor(TestKitBase testkit, bool echoBackToSenderAsWell = true) => ReceiveAny(message =>
    {
        IActorRef sender = Sender;
        IActorRef testActor = testkit.TestActor;
        if (echoBackToSenderAsWell && !testActor.Equals(sender))
        {
            sender.Forward(message);
        }
        testActor.Tell(message, sender);
    });

    /// <summary>Props of an echo.</summary>
    public static Props Props(TestKitBase testkit, bool echoBackToSenderAsWell = true) =>
        Akka.Actor.Props.Create(() => new EchoActor(testkit, echoBackToSenderAsWell));
}

/// <summary>Takes every message and does nothing.</summary>
public class BlackHoleActor : ActorBase
{
    /// <summary>Props of a black hole.</summary>
    public static Props Props { get; } = Props.Create<BlackHoleActor>();

    /// <inheritdoc/>
    protected override bool Receive(object message) => true;
}

/// <summary>Forwards every message.</summary>
public class ForwardActor : ReceiveActor
{
    /// <summary>Forwards to <paramref name="ref"/>.</summary>
    public ForwardActor(IActorRef @ref) => ReceiveAny(@ref.Forward);

    /// <summary>Props of a forwarder.</summary>
    public static Props Props(IActorRef @ref) => Akka.Actor.Props.Create(() => new ForwardActor(@ref));
}
