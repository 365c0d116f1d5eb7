using Akka.Event;

namespace Akka.Actor;

/// <summary>Marks messages that every actor handles itself, before its behaviour.</summary>
public interface IAutoReceivedMessage;

/// <summary>Marks messages that must not come from outside of the system.</summary>
public interface IPossiblyHarmful;

/// <summary>Marks messages that do not restart the receive timeout.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>Marks messages that are never serialised as a test.</summary>
public interface INoSerializationVerificationNeeded;

/// <summary>A message around another.</summary>
public interface IWrappedMessage
{
    /// <summary>The message inside.</summary>
    object Message { get; }
}

/// <summary>Stops the actor after the messages that came before it.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    private PoisonPill() { }

    /// <summary>The only instance.</summary>
    public static PoisonPill Instance { get; } = new();

    /// <inheritdoc />
    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the actor throw <see cref="ActorKilledException"/>, so that its supervisor decides.</summary>
public sealed class Kill : IAutoReceivedMessage, IPossiblyHarmful
{
    private Kill() { }

    /// <summary>The only instance.</summary>
    public static Kill Instance { get; } = new();

    /// <inheritdoc />
    public override string ToString() => "<Kill>";
}

/// <summary>A watched actor has died.</summary>
public sealed class Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression, INoSerializationVerificationNeeded
{
    /// <summary>The dead actor.</summary>
    public IActorRef ActorRef => actorRef;

    /// <summary>True when the node of the actor was lost.</summary>
    public bool AddressTerminated => addressTerminated;

    /// <summary>False when the actor may never have existed.</summary>
    public bool ExistenceConfirmed => existenceConfirmed;

    /// <inheritdoc />
    public override string ToString() => $"<Terminated>: {actorRef} - ExistenceConfirmed={existenceConfirmed}";
}

/// <summary>No message came for the time set with <c>SetReceiveTimeout</c>.</summary>
public sealed class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout() { }

    /// <summary>The only instance.</summary>
    public static ReceiveTimeout Instance { get; } = new();

    /// <inheritdoc />
    public override string ToString() => "<ReceiveTimeout>";
}

/// <summary>Asks an actor for its reference; answered with <see cref="ActorIdentity"/>.</summary>
public sealed class Identify(object messageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    /// <summary>Given back in the answer.</summary>
    public object MessageId => messageId;

    /// <inheritdoc />
    public override string ToString() => $"<Identify>: {messageId}";
}

/// <summary>The answer to <see cref="Identify"/>.</summary>
public sealed class ActorIdentity(object messageId, IActorRef? subject)
{
    /// <summary>That of the question.</summary>
    public object MessageId => messageId;

    /// <summary>The actor, or null when there is none.</summary>
    public IActorRef? Subject => subject;

    /// <inheritdoc />
    public override string ToString() => $"<ActorIdentity>: {subject} - MessageId={messageId}";
}

/// <summary>Says how something went.</summary>
public abstract class Status
{
    /// <summary>It went well.</summary>
    public sealed class Success(object status) : Status
    {
        /// <summary>A success without a value.</summary>
        public static readonly Success Instance = new(null!);

        /// <summary>The value.</summary>
        public readonly object Status = status;

        /// <inheritdoc />
        public override string ToString() => $"Success: {Status ?? "null"}";
    }

    /// <summary>It failed.</summary>
    public sealed class Failure : Status
    {
        /// <summary>Why.</summary>
        public readonly Exception Cause;

        /// <summary>What the sender wants to add.</summary>
        public readonly object? State;

        /// <summary>A failure with its cause.</summary>
        public Failure(Exception cause) => Cause = cause;

        /// <summary>A failure with its cause and something to add.</summary>
        public Failure(Exception cause, object state)
        {
            Cause = cause;
            State = state;
        }

        /// <inheritdoc />
        public override string ToString() => $"Failure: {Cause}";
    }
}

/// <summary>A message with its sender.</summary>
public readonly struct Envelope(object message, IActorRef? sender)
{
    /// <summary>The message.</summary>
    public object Message => message;

    /// <summary>Who sent it.</summary>
    public IActorRef? Sender => sender;

    /// <inheritdoc />
    public override string ToString() => $"<{message ?? "null"}> from {sender?.ToString() ?? "NoSender"}";
}
