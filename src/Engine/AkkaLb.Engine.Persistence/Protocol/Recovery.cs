using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>How far an actor is recovered.</summary>
public sealed class Recovery(SnapshotSelectionCriteria fromSnapshot, long toSequenceNr, long replayMax)
{
    /// <summary>From the latest snapshot to the last event.</summary>
    public Recovery() : this(SnapshotSelectionCriteria.Latest) { }

    /// <summary>From a snapshot to the last event.</summary>
    public Recovery(SnapshotSelectionCriteria fromSnapshot) : this(fromSnapshot, long.MaxValue) { }

    /// <summary>From a snapshot to an event.</summary>
    public Recovery(SnapshotSelectionCriteria fromSnapshot, long toSequenceNr) : this(fromSnapshot, toSequenceNr, long.MaxValue) { }

    /// <summary>From the latest snapshot to the last event.</summary>
    public static Recovery Default { get; } = new();

    /// <summary>Nothing is recovered but the last sequence number.</summary>
    public static Recovery None { get; } = new(SnapshotSelectionCriteria.None, 0);

    /// <summary>The snapshots to choose from.</summary>
    public SnapshotSelectionCriteria FromSnapshot => fromSnapshot;

    /// <summary>The last event.</summary>
    public long ToSequenceNr => toSequenceNr;

    /// <summary>How many events at most.</summary>
    public long ReplayMax => replayMax;
}

/// <summary>The last message of a recovery.</summary>
public sealed class RecoveryCompleted
{
    /// <summary>The message.</summary>
    public static readonly RecoveryCompleted Instance = new();

    private RecoveryCompleted() { }
}

/// <summary>Looks whether a recovery goes on.</summary>
internal sealed class RecoveryTick(bool snapshot) : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    /// <summary>True while the snapshot is awaited.</summary>
    internal bool Snapshot => snapshot;
}

/// <summary>The journal or the snapshot store did not answer a recovering actor in time.</summary>
public class RecoveryTimedOutException(string message, Exception? cause = null) : AkkaException(message, cause);
