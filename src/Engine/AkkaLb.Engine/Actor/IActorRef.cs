using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Something that takes messages.</summary>
public interface ICanTell
{
    /// <summary>Sends a message, at most once and without waiting.</summary>
    void Tell(object message, IActorRef? sender);
}

/// <summary>The handle of an actor: valid after its death, comparable, serialisable.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    /// <summary>The place of the actor, with the uid of this incarnation.</summary>
    ActorPath Path { get; }
}

/// <summary>Marks references whose actor may be in this process.</summary>
public interface IActorRefScope
{
    /// <summary>True when the actor is in this process.</summary>
    bool IsLocal { get; }
}

/// <summary>What the engine needs of every reference.</summary>
public interface IInternalActorRef : IActorRef, IActorRefScope
{
    /// <summary>The actor above.</summary>
    IInternalActorRef Parent { get; }

    /// <summary>What made this reference.</summary>
    IActorRefProvider Provider { get; }

    /// <summary>True once the actor has died; false says nothing.</summary>
    bool IsTerminated { get; }

    /// <summary>The reference below by several names.</summary>
    IActorRef GetChild(IReadOnlyList<string> name);

    /// <summary>Lets the actor begin.</summary>
    void Start();

    /// <summary>Stops the actor.</summary>
    void Stop();

    /// <summary>Restarts the actor because of <paramref name="cause"/>.</summary>
    void Restart(Exception? cause);

    /// <summary>Makes user messages wait.</summary>
    void Suspend();

    /// <summary>Lets user messages be processed again.</summary>
    void Resume(Exception? causedByFailure = null);

    /// <summary>Sends a system message.</summary>
    void SendSystemMessage(ISystemMessage message);
}
