using Akka.Actor;
using Akka.Persistence;

namespace AkkaLb.Agents.Journals;

/// <summary>
/// The memory of one agent that outlives the process: stores its events in their order. After a restart it knows what was stored, stores
/// only what is new, and finds out when the agent decides otherwise than before.
/// </summary>
public sealed class AgentJournalActor : ReceivePersistentActor
{
    private readonly int _snapshotEvery;
    private readonly AgentJournalState _state = new();
    private int _sinceSnapshot;

    public AgentJournalActor(string persistenceId, int snapshotEvery)
    {
        PersistenceId = persistenceId;
        _snapshotEvery = snapshotEvery;
        Recover<SnapshotOffer>(offer => _state.Restore((AgentJournalSnapshot)offer.Snapshot));
        Recover<IJournalEvent>(stored =>
        {
            _state.Apply(stored);
            _sinceSnapshot++;
        });
        Command<IJournalEvent>(Store);
        Command<JournalCommands.Settle>(_ => DeferAsync(Sender, asker => asker.Tell(JournalEvents.Settled.Instance)));
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<DeleteSnapshotsSuccess>(_ => { });
        // The events are stored: without a snapshot a recovery only takes longer.
        Command<SaveSnapshotFailure>(_ => { });
        Command<DeleteSnapshotsFailure>(_ => { });
    }

    public override string PersistenceId { get; }

    public static Props Props(string persistenceId, int snapshotEvery) => Akka.Actor.Props.Create(() => new AgentJournalActor(persistenceId, snapshotEvery));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Fail(cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Fail(cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Fail(reason);

    private void Store(IJournalEvent happened)
    {
        if (_state.Compare(happened) is { } difference)
        {
            Context.Parent.Tell(new JournalEvents.JournalFailed($"{PersistenceId}: {difference}"));
        }
        else if (_state.IsNew(happened))
        {
            // Counted when handed over: the next one may come before this one is stored.
            _state.Apply(happened);
            PersistAsync(happened, _ => SnapshotIfDue());
        }
    }

    private void SnapshotIfDue()
    {
        // Only when all that the state counts is stored.
        if (++_sinceSnapshot >= _snapshotEvery && _state.Events == LastSequenceNr)
        {
            _sinceSnapshot = 0;
            SaveSnapshot(_state.ToSnapshot());
        }
    }

    private void Fail(Exception cause) =>
        Context.Parent.Tell(new JournalEvents.JournalFailed($"{PersistenceId}: cannot be stored or read: {cause.Message.ReplaceLineEndings(" ")}"));
}
