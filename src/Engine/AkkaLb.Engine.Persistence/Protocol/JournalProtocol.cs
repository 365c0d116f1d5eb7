using Akka.Actor;

namespace Akka.Persistence;

/// <summary>Marks every message of persistence; they stay within the process.</summary>
public interface IPersistenceMessage : INoSerializationVerificationNeeded;

/// <summary>Marks every message to or from a journal.</summary>
public interface IJournalMessage : IPersistenceMessage;

/// <summary>Marks every message to a journal.</summary>
public interface IJournalRequest : IJournalMessage;

/// <summary>Marks every message from a journal.</summary>
public interface IJournalResponse : IJournalMessage;

/// <summary>Stores events.</summary>
public sealed class WriteMessages(IEnumerable<IPersistentEnvelope> messages, IActorRef persistentActor, int actorInstanceId) : IJournalRequest
{
    /// <summary>The events, in their order.</summary>
    public IEnumerable<IPersistentEnvelope> Messages => messages;

    /// <summary>Who asks.</summary>
    public IActorRef PersistentActor => persistentActor;

    /// <summary>The incarnation that asks; answers to an earlier one are ignored.</summary>
    public int ActorInstanceId => actorInstanceId;
}

/// <summary>A <see cref="WriteMessages"/> was carried out; the answers to its events follow.</summary>
public sealed class WriteMessagesSuccessful : IJournalResponse
{
    private WriteMessagesSuccessful() { }

    /// <summary>The message.</summary>
    public static WriteMessagesSuccessful Instance { get; } = new();
}

/// <summary>A <see cref="WriteMessages"/> failed; the answers to its events follow.</summary>
public sealed class WriteMessagesFailed(Exception cause, int writeCount) : IJournalResponse
{
    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause ?? throw new ArgumentNullException(nameof(cause));

    /// <summary>Number of atomic writes.</summary>
    public int WriteCount => writeCount;
}

/// <summary>An event is stored.</summary>
public sealed class WriteMessageSuccess(IPersistentRepresentation persistent, int actorInstanceId) : IJournalResponse
{
    /// <summary>The event.</summary>
    public IPersistentRepresentation Persistent => persistent;

    /// <summary>The incarnation that asked.</summary>
    public int ActorInstanceId => actorInstanceId;
}

/// <summary>An event was refused, for example because it has no serialiser; nothing is stored, and the actor goes on.</summary>
public sealed class WriteMessageRejected(IPersistentRepresentation persistent, Exception cause, int actorInstanceId) : IJournalResponse
{
    /// <summary>The event.</summary>
    public IPersistentRepresentation Persistent => persistent;

    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause ?? throw new ArgumentNullException(nameof(cause));

    /// <summary>The incarnation that asked.</summary>
    public int ActorInstanceId => actorInstanceId;
}

/// <summary>An event could not be stored, or nobody knows; the actor stops.</summary>
public sealed class WriteMessageFailure(IPersistentRepresentation persistent, Exception cause, int actorInstanceId) : IJournalResponse
{
    /// <summary>The event.</summary>
    public IPersistentRepresentation Persistent => persistent;

    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause ?? throw new ArgumentNullException(nameof(cause));

    /// <summary>The incarnation that asked.</summary>
    public int ActorInstanceId => actorInstanceId;
}

/// <summary>A deferred event comes back.</summary>
public sealed class LoopMessageSuccess(object message, int actorInstanceId) : IJournalResponse
{
    /// <summary>The event.</summary>
    public object Message => message;

    /// <summary>The incarnation that asked.</summary>
    public int ActorInstanceId => actorInstanceId;
}

/// <summary>Reads the events of an actor.</summary>
public sealed class ReplayMessages(long fromSequenceNr, long toSequenceNr, long max, string persistenceId, IActorRef persistentActor) : IJournalRequest
{
    /// <summary>The first sequence number wanted.</summary>
    public long FromSequenceNr => fromSequenceNr;

    /// <summary>The last sequence number wanted.</summary>
    public long ToSequenceNr => toSequenceNr;

    /// <summary>How many events at most.</summary>
    public long Max => max;

    /// <summary>Whose events.</summary>
    public string PersistenceId => persistenceId;

    /// <summary>Who asks.</summary>
    public IActorRef PersistentActor => persistentActor;
}

/// <summary>An event that was read.</summary>
public sealed class ReplayedMessage(IPersistentRepresentation persistent) : IJournalResponse
{
    /// <summary>The event.</summary>
    public IPersistentRepresentation Persistent => persistent;
}

/// <summary>All events asked for were read.</summary>
public sealed class RecoverySuccess(long highestSequenceNr) : IJournalResponse
{
    /// <summary>The highest sequence number of the actor, whether asked for or not.</summary>
    public long HighestSequenceNr => highestSequenceNr;
}

/// <summary>Events could not be read.</summary>
public sealed class ReplayMessagesFailure(Exception cause) : IJournalResponse
{
    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause ?? throw new ArgumentNullException(nameof(cause));
}

/// <summary>Deletes the events of an actor up to a sequence number.</summary>
public sealed class DeleteMessagesTo(string persistenceId, long toSequenceNr, IActorRef persistentActor) : IJournalRequest
{
    /// <summary>Whose events.</summary>
    public string PersistenceId { get; } = persistenceId ?? throw new ArgumentNullException(nameof(persistenceId));

    /// <summary>The last sequence number deleted.</summary>
    public long ToSequenceNr => toSequenceNr;

    /// <summary>Who asks.</summary>
    public IActorRef PersistentActor => persistentActor;
}

/// <summary>Events were deleted.</summary>
public sealed class DeleteMessagesSuccess(long toSequenceNr) : IJournalResponse
{
    /// <summary>The last sequence number deleted.</summary>
    public long ToSequenceNr => toSequenceNr;
}

/// <summary>Events could not be deleted.</summary>
public sealed class DeleteMessagesFailure(Exception cause, long toSequenceNr) : IJournalResponse
{
    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause ?? throw new ArgumentNullException(nameof(cause));

    /// <summary>The last sequence number that was to be deleted.</summary>
    public long ToSequenceNr => toSequenceNr;
}
