using Akka.Actor;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    /// <summary>Handles a command or an answer of the journal, while no command has to wait.</summary>
    private void Process(Receive receive, object message)
    {
        if (TakeAnswer(message)) { return; }
        bool failed = true;
        try
        {
            if (!base.AroundReceive(receive, message)) { Unhandled(message); }
            failed = false;
        }
        finally
        {
            CommandHandled(failed);
        }
    }

    /// <summary>Handles the journal's answers, while commands wait for them.</summary>
    private void KeepBack(object message)
    {
        if (!TakeAnswer(message)) { StashInternally(message); }
    }

    private void CommandHandled(bool failed)
    {
        if (_eventBatch.Count > 0) { FlushBatch(); }
        // The end of the task comes here again.
        if (_asyncTaskRunning) { return; }
        if (_pendingStashingInvocations > 0) { _phase = Phase.Persisting; }
        else { UnstashInternally(failed); }
    }

    /// <summary>True when the message is an answer of the journal; those to an earlier incarnation are passed over.</summary>
    private bool TakeAnswer(object message)
    {
        switch (message)
        {
            case WriteMessageSuccess success:
                if (success.ActorInstanceId == _instanceId)
                {
                    LastSequenceNr = Math.Max(LastSequenceNr, success.Persistent.SequenceNr);
                    RunHandler(success.Persistent.Payload);
                }
                return true;
            case LoopMessageSuccess success:
                if (success.ActorInstanceId == _instanceId) { RunHandler(success.Message); }
                return true;
            case WriteMessageRejected rejected:
                if (rejected.ActorInstanceId == _instanceId)
                {
                    IPersistentRepresentation refused = rejected.Persistent;
                    LastSequenceNr = Math.Max(LastSequenceNr, refused.SequenceNr);
                    HandlerDone(_pendingInvocations.Dequeue(), failed: false);
                    OnPersistRejected(rejected.Cause, refused.Payload, refused.SequenceNr);
                }
                return true;
            case WriteMessageFailure failure:
                if (failure.ActorInstanceId == _instanceId)
                {
                    HandlerDone(_pendingInvocations.Dequeue(), failed: false);
                    try
                    {
                        OnPersistFailure(failure.Cause, failure.Persistent.Payload, failure.Persistent.SequenceNr);
                    }
                    finally
                    {
                        Context.Stop(Self);
                    }
                }
                return true;
            case WriteMessagesSuccessful:
                _isWriteInProgress = false;
                FlushJournalBatch();
                return true;
            case WriteMessagesFailed:
                // The actor is stopped by the failure that follows: nothing more is handed over.
                return true;
            case RecoveryTick:
                return true;
            default:
                return false;
        }
    }

    private void RunHandler(object stored)
    {
        PendingInvocation invocation = _pendingInvocations.Peek();
        bool failed = true;
        try
        {
            try
            {
                invocation.Handler(stored);
            }
            finally
            {
                FlushBatch();
            }
            failed = false;
        }
        finally
        {
            _pendingInvocations.Dequeue();
            HandlerDone(invocation, failed);
        }
    }

    private void HandlerDone(PendingInvocation invocation, bool failed)
    {
        if (invocation.Stashes) { _pendingStashingInvocations--; }
        if (_phase == Phase.Persisting)
        {
            if (_pendingStashingInvocations > 0) { return; }
            _phase = Phase.Processing;
            UnstashInternally(failed);
        }
        // A handler of PersistAsync may have persisted an event for which commands must wait.
        else if (_pendingStashingInvocations > 0) { _phase = Phase.Persisting; }
    }

    private void FlushBatch()
    {
        if (_eventBatch.Count > 0)
        {
            if (_journalBatch.Count == 0) { (_journalBatch, _eventBatch) = (_eventBatch, _journalBatch); }
            else
            {
                _journalBatch.AddRange(_eventBatch);
                _eventBatch.Clear();
            }
        }
        FlushJournalBatch();
    }

    private void FlushJournalBatch()
    {
        if (_isWriteInProgress || _journalBatch.Count == 0) { return; }
        Journal.Tell(new WriteMessages(_journalBatch.ToArray(), Self, _instanceId));
        _journalBatch.Clear();
        _isWriteInProgress = true;
    }

    private void StashInternally(object message)
    {
        try
        {
            _internalStash.Stash();
        }
        catch (StashOverflowException)
        {
            switch (InternalStashOverflowStrategy)
            {
                case DiscardToDeadLetterStrategy:
                    Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                    break;
                case ReplyToStrategy reply:
                    Sender.Tell(reply.Response);
                    break;
                default:
                    throw;
            }
        }
    }

    private void UnstashInternally(bool all)
    {
        if (all) { _internalStash.UnstashAll(); }
        else { _internalStash.Unstash(); }
    }
}
