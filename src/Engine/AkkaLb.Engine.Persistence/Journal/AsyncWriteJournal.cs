using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Pattern;
using AkkaLb.Engine;

namespace Akka.Persistence.Journal;

/// <summary>
/// The base of journals that store asynchronously. Answers leave in the order of the requests, whatever the order in
/// which their writes end. A circuit breaker refuses calls to a store that has failed too often.
/// </summary>
public abstract class AsyncWriteJournal : WriteJournalBase, IAsyncRecovery
{
    /// <summary>True when commands are published on the event stream too; always false.</summary>
    protected readonly bool CanPublish;

    private readonly CircuitBreaker _breaker;
    private readonly AnswerOrder _answers = new();
    private readonly ReplayFilterOptions _replayFilter;

    /// <summary>Reads the section of the journal.</summary>
    protected AsyncWriteJournal()
    {
        Config config = PluginProducer.Current.Config;
        _breaker = CircuitBreaker.Create(
            Context.System.Scheduler,
            config.GetInt("circuit-breaker.max-failures"),
            config.GetTimeSpan("circuit-breaker.call-timeout"),
            config.GetTimeSpan("circuit-breaker.reset-timeout"));
        _replayFilter = ReplayFilterOptions.Read(config);
    }

    /// <inheritdoc />
    public abstract Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback);

    /// <inheritdoc />
    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);

    /// <summary>Stores atomic writes.</summary>
    /// <returns>
    /// Null when all are stored; else for each write, in order, null or why it was refused. A task that fails says that nobody knows.
    /// </returns>
    protected abstract Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages);

    /// <summary>Deletes the events of an actor up to a sequence number; its highest sequence number must not be forgotten.</summary>
    protected abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr);

    /// <summary>Handles messages that are the plugin's own; false leaves them unhandled.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    /// <inheritdoc />
    protected sealed override bool Receive(object message) => ReceiveWriteJournal(message) || ReceivePluginInternal(message);

    /// <summary>Handles the messages of the protocol.</summary>
    protected bool ReceiveWriteJournal(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                _ = Write(write);
                return true;
            case ReplayMessages replay:
                _ = Replay(replay, Context);
                return true;
            case DeleteMessagesTo delete:
                _ = Delete(delete);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The one exception within an aggregate of one.</summary>
    protected static Exception TryUnwrapException(Exception e) =>
        e is AggregateException { InnerExceptions: [var only] } ? TryUnwrapException(only) : e;

    private async Task Write(WriteMessages request)
    {
        WriteAnswer answer = _answers.Expect(request);
        try
        {
            AtomicWrite[] writes = PreparePersistentBatch(request.Messages).ToArray();
            IImmutableList<Exception?>? refusals = writes.Length == 0
                ? null
                : await _breaker.WithCircuitBreaker(() => WriteMessagesAsync(writes)).ConfigureAwait(false);
            if (refusals is not null && refusals.Count != writes.Length)
            {
                throw new InvalidOperationException($"AsyncWriteMessages return invalid number or results. Expected [{writes.Length}], but got [{refusals.Count}].");
            }
            answer.Refusals = refusals;
        }
        catch (Exception e)
        {
            answer.Failure = TryUnwrapException(e);
        }
        _answers.Complete(answer);
    }

    private async Task Replay(ReplayMessages request, IActorContext context)
    {
        IActorRef actor = request.PersistentActor;
        try
        {
            long readFrom = Math.Max(0, request.FromSequenceNr - 1);
            long highest = await _breaker.WithCircuitBreaker(() => ReadHighestSequenceNrAsync(request.PersistenceId, readFrom)).ConfigureAwait(false);
            long to = Math.Min(request.ToSequenceNr, highest);
            if (highest > 0 && request.FromSequenceNr <= to)
            {
                ReplayFilter filter = new(_replayFilter, request.PersistenceId, context.System, persistent => SendReplayed(actor, persistent));
                await ReplayMessagesAsync(context, request.PersistenceId, request.FromSequenceNr, to, request.Max, persistent =>
                {
                    if (!persistent.IsDeleted) { filter.Add(persistent); }
                }).ConfigureAwait(false);
                filter.Complete();
            }
            actor.Tell(new RecoverySuccess(highest), ActorRefs.NoSender);
        }
        catch (Exception e)
        {
            actor.Tell(new ReplayMessagesFailure(TryUnwrapException(e)), ActorRefs.NoSender);
        }
    }

    private void SendReplayed(IActorRef actor, IPersistentRepresentation persistent)
    {
        foreach (IPersistentRepresentation adapted in AdaptFromJournal(persistent)) { actor.Tell(new ReplayedMessage(adapted), ActorRefs.NoSender); }
    }

    private async Task Delete(DeleteMessagesTo request)
    {
        object answer;
        try
        {
            await _breaker.WithCircuitBreaker(() => DeleteMessagesToAsync(request.PersistenceId, request.ToSequenceNr)).ConfigureAwait(false);
            answer = new DeleteMessagesSuccess(request.ToSequenceNr);
        }
        catch (Exception e)
        {
            answer = new DeleteMessagesFailure(TryUnwrapException(e), request.ToSequenceNr);
        }
        request.PersistentActor.Tell(answer, ActorRefs.NoSender);
    }
}
