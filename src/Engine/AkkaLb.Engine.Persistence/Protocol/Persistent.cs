using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>What a persistent actor hands to its journal.</summary>
public interface IPersistentEnvelope
{
    /// <summary>What it carries.</summary>
    object Payload { get; }

    /// <summary>Who sent the command.</summary>
    IActorRef? Sender { get; }

    /// <summary>Number of events.</summary>
    int Size { get; }
}

/// <summary>An event that is not stored, but comes back in its order: see <see cref="Eventsourced.DeferAsync{TEvent}"/>.</summary>
internal sealed class NonPersistentMessage(object payload, IActorRef? sender) : IPersistentEnvelope
{
    public object Payload => payload;
    public IActorRef? Sender => sender;
    public int Size => 1;
}

/// <summary>Events of one actor that are stored together or not at all.</summary>
public sealed class AtomicWrite : IPersistentEnvelope
{
    private readonly IImmutableList<IPersistentRepresentation> _payload;

    /// <summary>One event.</summary>
    public AtomicWrite(IPersistentRepresentation @event) : this(ImmutableArray.Create(@event)) { }

    /// <summary>Several events, in the order of their sequence numbers; at least one.</summary>
    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        if (payload is null || payload.Count == 0) { throw new ArgumentException("Payload of AtomicWrite must not be empty.", nameof(payload)); }
        _payload = payload;
    }

    /// <summary>The events, an <c>IImmutableList&lt;IPersistentRepresentation&gt;</c>.</summary>
    public object Payload => _payload;

    /// <inheritdoc />
    public IActorRef? Sender => null;

    /// <inheritdoc />
    public int Size => _payload.Count;

    /// <summary>The actor.</summary>
    public string PersistenceId => _payload[0].PersistenceId;

    /// <summary>The first sequence number.</summary>
    public long LowestSequenceNr => _payload[0].SequenceNr;

    /// <summary>The last sequence number.</summary>
    public long HighestSequenceNr => _payload[^1].SequenceNr;

    internal IImmutableList<IPersistentRepresentation> Events => _payload;

    /// <inheritdoc />
    public override string ToString() => $"AtomicWrite<pid: {PersistenceId}, lowSeqNr: {LowestSequenceNr}, size: {Size}>";
}

/// <summary>An event with what the journal knows about it.</summary>
public interface IPersistentRepresentation
{
    /// <summary>The event.</summary>
    object Payload { get; }

    /// <summary>What the write adapter says of the event; empty without one.</summary>
    string Manifest { get; }

    /// <summary>The actor.</summary>
    string PersistenceId { get; }

    /// <summary>Number of the event within its actor, from 1 without gaps.</summary>
    long SequenceNr { get; }

    /// <summary>When it was stored, ticks of UTC; 0 when not known.</summary>
    long Timestamp { get; }

    /// <summary>One text per incarnation of the writing actor.</summary>
    string WriterGuid { get; }

    /// <summary>True when deleted logically.</summary>
    bool IsDeleted { get; }

    /// <summary>Who sent the command.</summary>
    IActorRef? Sender { get; }

    /// <summary>The same with another event.</summary>
    IPersistentRepresentation WithPayload(object payload);

    /// <summary>The same with another manifest.</summary>
    IPersistentRepresentation WithManifest(string manifest);

    /// <summary>The same with another time.</summary>
    IPersistentRepresentation WithTimestamp(long newTimestamp);

    /// <summary>The same event with everything else anew.</summary>
    IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef? sender, string writerGuid);
}

/// <summary>An event with what the journal knows about it.</summary>
public class Persistent(
    object payload, long sequenceNr = 0, string? persistenceId = null, string? manifest = null, bool isDeleted = false,
    IActorRef? sender = null, string? writerGuid = null, long timestamp = 0) : IPersistentRepresentation
{
    /// <summary>The text that stands for an absent one.</summary>
    public static string Undefined { get; } = string.Empty;

    /// <inheritdoc />
    public object Payload => payload;

    /// <inheritdoc />
    public string Manifest { get; } = manifest ?? Undefined;

    /// <inheritdoc />
    public string PersistenceId { get; } = persistenceId ?? Undefined;

    /// <inheritdoc />
    public long SequenceNr => sequenceNr;

    /// <inheritdoc />
    public long Timestamp => timestamp;

    /// <inheritdoc />
    public string WriterGuid { get; } = writerGuid ?? Undefined;

    /// <inheritdoc />
    public bool IsDeleted => isDeleted;

    /// <inheritdoc />
    public IActorRef? Sender => sender;

    /// <inheritdoc />
    public IPersistentRepresentation WithPayload(object payload) =>
        new Persistent(payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    /// <inheritdoc />
    public IPersistentRepresentation WithManifest(string manifest) =>
        manifest == Manifest ? this : new Persistent(Payload, SequenceNr, PersistenceId, manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    /// <inheritdoc />
    public IPersistentRepresentation WithTimestamp(long newTimestamp) =>
        newTimestamp == Timestamp ? this : new Persistent(Payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, newTimestamp);

    /// <inheritdoc />
    public IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef? sender, string writerGuid) =>
        new Persistent(Payload, sequenceNr, persistenceId, Manifest, isDeleted, sender, writerGuid, Timestamp);

    /// <inheritdoc />
    public override string ToString() => $"Persistent<pid: {PersistenceId}, seqNr: {SequenceNr}, payload: {Payload}>";
}
