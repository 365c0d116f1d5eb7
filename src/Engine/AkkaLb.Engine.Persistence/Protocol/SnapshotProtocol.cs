namespace Akka.Persistence;

/// <summary>Marks every message to or from a snapshot store.</summary>
public interface ISnapshotMessage : IPersistenceMessage;

/// <summary>Marks every message to a snapshot store.</summary>
public interface ISnapshotRequest : ISnapshotMessage;

/// <summary>Marks every message from a snapshot store.</summary>
public interface ISnapshotResponse : ISnapshotMessage;

/// <summary>Whose snapshot it is and up to which event it holds.</summary>
public sealed class SnapshotMetadata(string persistenceId, long sequenceNr, DateTime timestamp) : IEquatable<SnapshotMetadata>
{
    /// <summary>Metadata without a time.</summary>
    public SnapshotMetadata(string persistenceId, long sequenceNr) : this(persistenceId, sequenceNr, DateTime.MinValue) { }

    /// <summary>The actor.</summary>
    public string PersistenceId => persistenceId;

    /// <summary>The event up to which it holds.</summary>
    public long SequenceNr => sequenceNr;

    /// <summary>When it was made, UTC; <see cref="DateTime.MinValue"/> when not known.</summary>
    public DateTime Timestamp => timestamp;

    /// <inheritdoc />
    public bool Equals(SnapshotMetadata? other) =>
        other is not null && PersistenceId == other.PersistenceId && SequenceNr == other.SequenceNr && Timestamp == other.Timestamp;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as SnapshotMetadata);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, Timestamp);

    /// <inheritdoc />
    public override string ToString() => $"SnapshotMetadata<pid: {PersistenceId}, seqNr: {SequenceNr}, timestamp: {Timestamp:O}>";
}

/// <summary>Which snapshots are meant.</summary>
public sealed class SnapshotSelectionCriteria(long maxSequenceNr, DateTime maxTimeStamp, long minSequenceNr = 0, DateTime? minTimestamp = null)
    : IEquatable<SnapshotSelectionCriteria>
{
    /// <summary>Snapshots up to a sequence number.</summary>
    public SnapshotSelectionCriteria(long maxSequenceNr) : this(maxSequenceNr, DateTime.MaxValue) { }

    /// <summary>All snapshots, so that the latest is chosen.</summary>
    public static SnapshotSelectionCriteria Latest { get; } = new(long.MaxValue, DateTime.MaxValue);

    /// <summary>No snapshot.</summary>
    public static SnapshotSelectionCriteria None { get; } = new(0, DateTime.MinValue);

    /// <summary>The highest sequence number.</summary>
    public long MaxSequenceNr => maxSequenceNr;

    /// <summary>The latest time.</summary>
    public DateTime MaxTimeStamp => maxTimeStamp;

    /// <summary>The lowest sequence number.</summary>
    public long MinSequenceNr => minSequenceNr;

    /// <summary>The earliest time.</summary>
    public DateTime? MinTimestamp => minTimestamp ?? DateTime.MinValue;

    internal SnapshotSelectionCriteria Limit(long toSequenceNr) =>
        toSequenceNr < MaxSequenceNr ? new SnapshotSelectionCriteria(toSequenceNr, MaxTimeStamp, MinSequenceNr, MinTimestamp) : this;

    internal bool IsMatch(SnapshotMetadata metadata) =>
        metadata.SequenceNr <= MaxSequenceNr && metadata.Timestamp <= MaxTimeStamp
        && metadata.SequenceNr >= MinSequenceNr && metadata.Timestamp >= MinTimestamp;

    /// <inheritdoc />
    public bool Equals(SnapshotSelectionCriteria? other) => other is not null && MaxSequenceNr == other.MaxSequenceNr
        && MaxTimeStamp == other.MaxTimeStamp && MinSequenceNr == other.MinSequenceNr && MinTimestamp == other.MinTimestamp;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as SnapshotSelectionCriteria);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(MaxSequenceNr, MaxTimeStamp, MinSequenceNr, MinTimestamp);

    /// <inheritdoc />
    public override string ToString() => $"SnapshotSelectionCriteria<seqNr: {MinSequenceNr} to {MaxSequenceNr}, timestamp: {MinTimestamp:O} to {MaxTimeStamp:O}>";
}

/// <summary>A snapshot, offered to a recovering actor before the events after it.</summary>
public sealed class SnapshotOffer(SnapshotMetadata metadata, object snapshot)
{
    /// <summary>Up to which event it holds.</summary>
    public SnapshotMetadata Metadata => metadata;

    /// <summary>The state.</summary>
    public object Snapshot => snapshot;
}

/// <summary>A snapshot of a store.</summary>
public sealed class SelectedSnapshot(SnapshotMetadata metadata, object snapshot)
{
    /// <summary>Up to which event it holds.</summary>
    public SnapshotMetadata Metadata => metadata;

    /// <summary>The state.</summary>
    public object Snapshot => snapshot;
}

/// <summary>Reads the latest snapshot that meets criteria.</summary>
public sealed class LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) : ISnapshotRequest
{
    /// <summary>Whose snapshot.</summary>
    public string PersistenceId => persistenceId;

    /// <summary>Which snapshots are meant.</summary>
    public SnapshotSelectionCriteria Criteria => criteria;

    /// <summary>Bound of the sequence number.</summary>
    public long ToSequenceNr => toSequenceNr;
}

/// <summary>The snapshot, or null when there is none.</summary>
public sealed class LoadSnapshotResult(SelectedSnapshot? snapshot, long toSequenceNr) : ISnapshotResponse
{
    /// <summary>The snapshot, or null.</summary>
    public SelectedSnapshot? Snapshot => snapshot;

    /// <summary>Bound of the sequence number.</summary>
    public long ToSequenceNr => toSequenceNr;
}

/// <summary>The snapshot could not be read.</summary>
public sealed class LoadSnapshotFailed(Exception cause) : ISnapshotResponse
{
    /// <summary>Why.</summary>
    public Exception Cause => cause;
}

/// <summary>Stores a snapshot.</summary>
public sealed class SaveSnapshot(SnapshotMetadata metadata, object snapshot) : ISnapshotRequest
{
    /// <summary>Up to which event it holds.</summary>
    public SnapshotMetadata Metadata { get; } = metadata ?? throw new ArgumentNullException(nameof(metadata));

    /// <summary>The state.</summary>
    public object Snapshot => snapshot;
}

/// <summary>A snapshot is stored.</summary>
public sealed class SaveSnapshotSuccess(SnapshotMetadata metadata) : ISnapshotResponse
{
    /// <summary>Up to which event it holds.</summary>
    public SnapshotMetadata Metadata => metadata;
}

/// <summary>A snapshot could not be stored.</summary>
public sealed class SaveSnapshotFailure(SnapshotMetadata metadata, Exception cause) : ISnapshotResponse
{
    /// <summary>Up to which event it holds.</summary>
    public SnapshotMetadata Metadata => metadata;

    /// <summary>Why.</summary>
    public Exception Cause => cause;
}

/// <summary>Deletes a snapshot.</summary>
public sealed class DeleteSnapshot(SnapshotMetadata metadata) : ISnapshotRequest
{
    /// <summary>Which one; the earliest time stands for any.</summary>
    public SnapshotMetadata Metadata { get; } = metadata ?? throw new ArgumentNullException(nameof(metadata));
}

/// <summary>A snapshot is deleted.</summary>
public sealed class DeleteSnapshotSuccess(SnapshotMetadata metadata) : ISnapshotResponse
{
    /// <summary>Which one.</summary>
    public SnapshotMetadata Metadata => metadata;
}

/// <summary>A snapshot could not be deleted.</summary>
public sealed class DeleteSnapshotFailure(SnapshotMetadata metadata, Exception cause) : ISnapshotResponse
{
    /// <summary>Which one.</summary>
    public SnapshotMetadata Metadata => metadata;

    /// <summary>Why.</summary>
    public Exception Cause => cause;
}

/// <summary>Deletes the snapshots that meet criteria.</summary>
public sealed class DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria) : ISnapshotRequest
{
    /// <summary>Whose snapshots.</summary>
    public string PersistenceId => persistenceId;

    /// <summary>Which ones.</summary>
    public SnapshotSelectionCriteria Criteria => criteria;
}

/// <summary>The snapshots are deleted.</summary>
public sealed class DeleteSnapshotsSuccess(SnapshotSelectionCriteria criteria) : ISnapshotResponse
{
    /// <summary>Which ones.</summary>
    public SnapshotSelectionCriteria Criteria => criteria;
}

/// <summary>The snapshots could not be deleted.</summary>
public sealed class DeleteSnapshotsFailure(SnapshotSelectionCriteria criteria, Exception cause) : ISnapshotResponse
{
    /// <summary>Which ones.</summary>
    public SnapshotSelectionCriteria Criteria => criteria;

    /// <summary>Why.</summary>
    public Exception Cause => cause;
}
