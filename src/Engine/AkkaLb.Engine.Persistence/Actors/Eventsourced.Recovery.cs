using Akka.Actor;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    private Phase _phase = Phase.WaitingPermit;
    private bool _replaying;
    private bool _eventSeen;
    private TimeSpan _recoveryTimeout;
    private ICancelable? _recoveryTimer;
    private Receive? _recoverer;

    private enum Phase
    {
        WaitingPermit,
        AwaitingSnapshot,
        Replaying,
        Processing,
        Persisting,
    }

    private void RequestPermit()
    {
        _phase = Phase.WaitingPermit;
        Extension.RecoveryPermitter.Tell(RequestRecoveryPermit.Instance, Self);
    }

    private void ReturnPermit() => Extension.RecoveryPermitter.Tell(ReturnRecoveryPermit.Instance, Self);

    private void WaitForPermit(object message)
    {
        if (message is not RecoveryPermitGranted)
        {
            StashInternally(message);
            return;
        }
        _phase = Phase.AwaitingSnapshot;
        _recoveryTimeout = Extension.RecoveryEventTimeout(JournalPluginId);
        _recoveryTimer = Context.System.Scheduler.ScheduleTellOnceCancelable(_recoveryTimeout, Self, new RecoveryTick(true), Self);
        _recoverer = message => message switch
        {
            IPersistentRepresentation persistent => ReceiveRecover(persistent.Payload),
            SnapshotOffer or RecoveryCompleted => ReceiveRecover(message),
            _ => false,
        };
        LoadSnapshot(SnapshotterId, Recovery.FromSnapshot, Recovery.ToSequenceNr);
    }

    private void AwaitSnapshot(object message)
    {
        try
        {
            switch (message)
            {
                case LoadSnapshotResult result:
                    _recoveryTimer?.Cancel();
                    if (result.Snapshot is { } snapshot) { Offer(snapshot); }
                    BeginReplay(result.ToSequenceNr);
                    break;
                case LoadSnapshotFailed failed:
                    FailRecovery(failed.Cause, null);
                    break;
                case RecoveryTick { Snapshot: true }:
                    FailRecovery(new RecoveryTimedOutException($"Recovery timed out, didn't get snapshot within {_recoveryTimeout.TotalSeconds}s."), null);
                    break;
                default:
                    StashInternally(message);
                    break;
            }
        }
        catch (Exception)
        {
            ReturnPermit();
            throw;
        }
    }

    private void Offer(SelectedSnapshot snapshot)
    {
        SnapshotOffer offer = new(snapshot.Metadata, snapshot.Snapshot);
        long before = LastSequenceNr;
        LastSequenceNr = snapshot.Metadata.SequenceNr;
        if (base.AroundReceive(_recoverer!, offer)) { return; }
        LastSequenceNr = before;
        Unhandled(offer);
    }

    private void BeginReplay(long toSequenceNr)
    {
        _phase = Phase.Replaying;
        _replaying = true;
        _eventSeen = false;
        _recoveryTimer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(_recoveryTimeout, _recoveryTimeout, Self, new RecoveryTick(false), Self);
        Journal.Tell(new ReplayMessages(LastSequenceNr + 1, toSequenceNr, Recovery.ReplayMax, PersistenceId, Self));
    }

    private void Replay(object message)
    {
        switch (message)
        {
            case ReplayedMessage replayed:
                try
                {
                    _eventSeen = true;
                    LastSequenceNr = Math.Max(LastSequenceNr, replayed.Persistent.SequenceNr);
                    if (!base.AroundReceive(_recoverer!, replayed.Persistent)) { Unhandled(replayed.Persistent.Payload); }
                }
                catch (Exception e)
                {
                    FailRecovery(e, replayed.Persistent.Payload);
                }
                break;
            case RecoverySuccess success:
                CompleteRecovery(success.HighestSequenceNr);
                break;
            case ReplayMessagesFailure failure:
                FailRecovery(failure.Cause, null);
                break;
            case RecoveryTick { Snapshot: false }:
                if (!_eventSeen)
                {
                    FailRecovery(new RecoveryTimedOutException($"Recovery timed out, didn't get event within {_recoveryTimeout.TotalSeconds}s, highest sequence number seen {LastSequenceNr}."), null);
                }
                _eventSeen = false;
                break;
            case RecoveryTick:
                break;
            default:
                StashInternally(message);
                break;
        }
    }

    private void CompleteRecovery(long highestSequenceNr)
    {
        _recoveryTimer?.Cancel();
        try
        {
            OnReplaySuccess();
            _sequenceNr = highestSequenceNr;
            LastSequenceNr = highestSequenceNr;
            _replaying = false;
            if (!base.AroundReceive(_recoverer!, RecoveryCompleted.Instance)) { Unhandled(RecoveryCompleted.Instance); }
        }
        finally
        {
            if (_eventBatch.Count > 0) { FlushBatch(); }
            _phase = _pendingStashingInvocations > 0 ? Phase.Persisting : Phase.Processing;
            if (_phase == Phase.Processing) { _internalStash.UnstashAll(); }
            ReturnPermit();
        }
    }

    private void FailRecovery(Exception cause, object? message)
    {
        _recoveryTimer?.Cancel();
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            Context.Stop(Self);
            ReturnPermit();
        }
    }
}
