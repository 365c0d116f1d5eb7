using Akka.Actor;

namespace Akka.Persistence;

/// <summary>Says under which name an actor's events are stored, and where.</summary>
public interface IPersistentIdentity
{
    /// <summary>The name; the same over all incarnations.</summary>
    string PersistenceId { get; }

    /// <summary>The path of the journal in the configuration; empty or null for the default.</summary>
    string JournalPluginId { get; }

    /// <summary>The path of the snapshot store in the configuration; empty or null for the default.</summary>
    string SnapshotPluginId { get; }
}

/// <summary>Says how far an actor is recovered.</summary>
public interface IPersistenceRecovery
{
    /// <summary>How far.</summary>
    Recovery Recovery { get; }
}

/// <summary>Says what becomes of messages that cannot be kept while events are stored.</summary>
public interface IPersistenceStash : IWithUnboundedStash
{
    /// <summary>What becomes of them.</summary>
    IStashOverflowStrategy InternalStashOverflowStrategy { get; }
}

/// <summary>Keeps snapshots.</summary>
public interface ISnapshotter
{
    /// <summary>The name under which they are kept.</summary>
    string SnapshotterId { get; }

    /// <summary>The sequence number of a snapshot taken now.</summary>
    long SnapshotSequenceNr { get; }

    /// <summary>Asks the store for a snapshot; it answers with <see cref="LoadSnapshotResult"/> or <see cref="LoadSnapshotFailed"/>.</summary>
    void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr);

    /// <summary>Stores a snapshot; the store answers with <see cref="SaveSnapshotSuccess"/> or <see cref="SaveSnapshotFailure"/>.</summary>
    void SaveSnapshot(object snapshot);

    /// <summary>Deletes a snapshot; the store answers with <see cref="DeleteSnapshotSuccess"/> or <see cref="DeleteSnapshotFailure"/>.</summary>
    void DeleteSnapshot(long sequenceNr);

    /// <summary>Deletes snapshots; the store answers with <see cref="DeleteSnapshotsSuccess"/> or <see cref="DeleteSnapshotsFailure"/>.</summary>
    void DeleteSnapshots(SnapshotSelectionCriteria criteria);
}
