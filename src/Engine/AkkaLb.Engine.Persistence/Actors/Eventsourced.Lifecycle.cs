using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    /// <inheritdoc />
    public override void AroundPreStart()
    {
        if (string.IsNullOrWhiteSpace(PersistenceId))
        {
            throw new ArgumentNullException(nameof(PersistenceId), $"PersistenceId is [{PersistenceId ?? "null"}] for PersistentActor [{Self.Path}]");
        }
        // A plugin that is missing shows here, not at the first event.
        _ = Journal;
        _ = SnapshotStore;
        RequestPermit();
        base.AroundPreStart();
    }

    /// <inheritdoc />
    public override void AroundPreRestart(Exception cause, object? message)
    {
        try
        {
            _internalStash.UnstashAll();
            Stash.UnstashAll(UnstashFilterPredicate);
        }
        finally
        {
            // What was handed over is stored in spite of the restart.
            FlushJournalBatch();
            base.AroundPreRestart(cause, message switch
            {
                WriteMessageSuccess stored => stored.Persistent,
                LoopMessageSuccess deferred => deferred.Message,
                ReplayedMessage replayed => replayed.Persistent,
                _ => message,
            });
        }
    }

    /// <inheritdoc />
    public override void AroundPostRestart(Exception reason, object? message)
    {
        RequestPermit();
        base.AroundPostRestart(reason, message);
    }

    /// <inheritdoc />
    public override void AroundPostStop()
    {
        try
        {
            _internalStash.UnstashAll();
            Stash.UnstashAll(UnstashFilterPredicate);
        }
        finally
        {
            base.AroundPostStop();
        }
    }

    /// <inheritdoc />
    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                break;
            case SaveSnapshotFailure failure:
                Log.Warning("Failed to SaveSnapshot given metadata [{0}] due to: [{1}: {2}]", failure.Metadata, failure.Cause.GetType(), failure.Cause.Message);
                break;
            case DeleteSnapshotFailure failure:
                Log.Warning("Failed to DeleteSnapshot given metadata [{0}] due to: [{1}: {2}]", failure.Metadata, failure.Cause.GetType(), failure.Cause.Message);
                break;
            case DeleteSnapshotsFailure failure:
                Log.Warning("Failed to DeleteSnapshots given criteria [{0}] due to: [{1}: {2}]", failure.Criteria, failure.Cause.GetType(), failure.Cause.Message);
                break;
            case DeleteMessagesFailure failure:
                Log.Warning("Failed to DeleteMessages ToSequenceNr [{0}] for PersistenceId [{1}] due to: [{2}: {3}]", failure.ToSequenceNr, PersistenceId, failure.Cause.GetType(), failure.Cause.Message);
                break;
            default:
                base.Unhandled(message);
                break;
        }
    }

    /// <inheritdoc />
    protected internal override bool AroundReceive(Receive receive, object message)
    {
        switch (_phase)
        {
            case Phase.WaitingPermit:
                WaitForPermit(message);
                break;
            case Phase.AwaitingSnapshot:
                AwaitSnapshot(message);
                break;
            case Phase.Replaying:
                Replay(message);
                break;
            case Phase.Processing:
                Process(receive, message);
                break;
            default:
                KeepBack(message);
                break;
        }
        return true;
    }
}
