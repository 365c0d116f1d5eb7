using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Makes and finds actors.</summary>
public interface IActorRefFactory
{
    /// <summary>Makes an actor; throws <see cref="InvalidActorNameException"/> when the name is not allowed or taken.</summary>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>Selects actors by path.</summary>
    ActorSelection ActorSelection(ActorPath actorPath);

    /// <summary>Selects actors by path; relative to the actor that calls, or to the system's guardian.</summary>
    ActorSelection ActorSelection(string actorPath);
}

/// <summary>Watches other actors.</summary>
public interface ICanWatch
{
    /// <summary>Asks for <see cref="Terminated"/> when the actor has died.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>Asks for a message of one's own when the actor has died.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Withdraws the watch; no <see cref="Terminated"/> comes after it.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>What an actor knows and can do, valid in its own turn only.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>This actor.</summary>
    IActorRef Self { get; }

    /// <summary>How this actor was made.</summary>
    Props Props { get; }

    /// <summary>Who sent the message in hand; the dead letters when nobody did.</summary>
    IActorRef Sender { get; }

    /// <summary>The system.</summary>
    ActorSystem System { get; }

    /// <summary>The actor above, which supervises this one.</summary>
    IActorRef Parent { get; }

    /// <summary>What executes this actor.</summary>
    MessageDispatcher Dispatcher { get; }

    /// <summary>The receive timeout, or null.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>Replaces the behaviour.</summary>
    void Become(Receive receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>Goes back to the behaviour below.</summary>
    void UnbecomeStacked();

    /// <summary>The child of that name, or <see cref="Nobody"/>.</summary>
    IActorRef Child(string name);

    /// <summary>The children at this moment.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Asks for <see cref="Actor.ReceiveTimeout"/> after a time without messages; null takes it back.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Stops a child or this actor itself after the message in hand.</summary>
    void Stop(IActorRef child);
}

/// <summary>The context of an untyped actor.</summary>
public interface IUntypedActorContext : IActorContext
{
    /// <summary>Replaces the behaviour.</summary>
    void Become(UntypedReceive receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    void BecomeStacked(UntypedReceive receive);
}

/// <summary>A behaviour; false leaves the message unhandled.</summary>
public delegate bool Receive(object message);

/// <summary>A behaviour that handles everything.</summary>
public delegate void UntypedReceive(object message);
