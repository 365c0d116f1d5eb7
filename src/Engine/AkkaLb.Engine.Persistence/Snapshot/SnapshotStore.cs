using Akka.Actor;
using Akka.Configuration;
using Akka.Pattern;
using AkkaLb.Engine;

namespace Akka.Persistence.Snapshot;

/// <summary>The base of snapshot stores.</summary>
public abstract class SnapshotStore : ActorBase
{
    private readonly CircuitBreaker _breaker;

    /// <summary>Reads the section of the store.</summary>
    protected SnapshotStore()
    {
        Config config = PluginProducer.Current.Config;
        _breaker = CircuitBreaker.Create(
            Context.System.Scheduler,
            config.GetInt("circuit-breaker.max-failures"),
            config.GetTimeSpan("circuit-breaker.call-timeout"),
            config.GetTimeSpan("circuit-breaker.reset-timeout"));
    }

    /// <summary>The latest snapshot that meets the criteria; null when there is none.</summary>
    protected abstract Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Stores a snapshot; one of the same sequence number is replaced.</summary>
    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot);

    /// <summary>Deletes a snapshot; the earliest time stands for any.</summary>
    protected abstract Task DeleteAsync(SnapshotMetadata metadata);

    /// <summary>Deletes the snapshots that meet the criteria.</summary>
    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Handles messages that are the plugin's own, and the outcome of each save and delete; false leaves them unhandled.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    /// <inheritdoc />
    protected sealed override bool Receive(object message)
    {
        switch (message)
        {
            case LoadSnapshot load:
                _ = Load(load, Sender);
                return true;
            case SaveSnapshot save:
                SnapshotMetadata now = new(save.Metadata.PersistenceId, save.Metadata.SequenceNr,
                    save.Metadata.Timestamp == DateTime.MinValue ? SystemClock.UtcNow.UtcDateTime : save.Metadata.Timestamp);
                _ = Attempt(() => SaveAsync(now, save.Snapshot), new SaveSnapshotSuccess(now), e => new SaveSnapshotFailure(now, e), Sender, Self);
                return true;
            case DeleteSnapshot delete:
                _ = Attempt(() => DeleteAsync(delete.Metadata), new DeleteSnapshotSuccess(delete.Metadata), e => new DeleteSnapshotFailure(delete.Metadata, e), Sender, Self);
                return true;
            case DeleteSnapshots delete:
                _ = Attempt(() => DeleteAsync(delete.PersistenceId, delete.Criteria), new DeleteSnapshotsSuccess(delete.Criteria), e => new DeleteSnapshotsFailure(delete.Criteria, e), Sender, Self);
                return true;
            case Outcome outcome:
                try
                {
                    ReceivePluginInternal(outcome.Answer);
                }
                finally
                {
                    outcome.Asker.Tell(outcome.Answer);
                }
                return true;
            default:
                return ReceivePluginInternal(message);
        }
    }

    private async Task Load(LoadSnapshot request, IActorRef asker)
    {
        object answer;
        try
        {
            SelectedSnapshot? found = request.Criteria.Equals(SnapshotSelectionCriteria.None)
                ? null
                : await _breaker.WithCircuitBreaker(() => LoadAsync(request.PersistenceId, request.Criteria.Limit(request.ToSequenceNr))).ConfigureAwait(false);
            answer = new LoadSnapshotResult(found, request.ToSequenceNr);
        }
        catch (Exception e)
        {
            answer = new LoadSnapshotFailed(e);
        }
        asker.Tell(answer, ActorRefs.NoSender);
    }

    // The outcome passes through the store's mailbox, so that the plugin sees it in its own turn.
    private async Task Attempt(Func<Task> action, ISnapshotResponse success, Func<Exception, ISnapshotResponse> failure, IActorRef asker, IActorRef self)
    {
        ISnapshotResponse answer;
        try
        {
            await _breaker.WithCircuitBreaker(action).ConfigureAwait(false);
            answer = success;
        }
        catch (Exception e)
        {
            answer = failure(e);
        }
        self.Tell(new Outcome(answer, asker), ActorRefs.NoSender);
    }

    private sealed record Outcome(ISnapshotResponse Answer, IActorRef Asker) : INoSerializationVerificationNeeded;
}
