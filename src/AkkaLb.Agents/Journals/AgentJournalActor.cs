using Akka.Actor;
using Akka.Persistence;

namespace AkkaLb.Agents.Journals;

/// <summary>
/// The memory of one agent that outlives the process: stores its events in their order. After a restart it knows what was stored, stores
/// only what is new, and finds out when the agent decides otherwise than before.
/// </summary>
/// <remarks>Events wait until somebody asks for all to be stored, or for a second, and are then written as one row.</remarks>
public sealed class AgentJournalActor : ReceivePersistentActor, IWithTimers
{
    /// <summary>Events that wait at most.</summary>
    public const int MostWaiting = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly int _snapshotEvery;
    private readonly Func<Exception, string> _describe;
    private readonly AgentJournalState _state = new();
    private readonly List<EncodedEvent> _waiting = [];
    private readonly List<IActorRef> _askers = [];
    private int _sinceSnapshot;

    // Blocks, snapshots and removals of snapshots that the plugin has not answered yet.
    private int _underWay;

    /// <param name="snapshotEvery">Events from one snapshot to the next, at least 1.</param>
    /// <param name="describe">Says in one line why something could not be stored or read.</param>
    public AgentJournalActor(string persistenceId, int snapshotEvery, Func<Exception, string> describe)
    {
        PersistenceId = persistenceId;
        _snapshotEvery = snapshotEvery;
        _describe = describe;
        Recover<SnapshotOffer>(offer => _state.Restore((AgentJournalSnapshot)offer.Snapshot));
        Recover<IJournalEvent>(stored => Recovered(EncodedEvent.Of(stored)));
        Recover<EventBlock>(block =>
        {
            if (block.PersistenceId != PersistenceId || block.First != _state.Events + 1)
            {
                throw new InvalidDataException(
                    $"row {LastSequenceNr} holds event {block.First} and those after it of {block.PersistenceId}, "
                    + $"expected event {_state.Events + 1}");
            }
            foreach (EncodedEvent stored in block.Events)
            {
                Recovered(stored);
            }
        });
        Command<IJournalEvent>(Store);
        Command<JournalCommands.Settle>(_ =>
        {
            Write();
            _askers.Add(Sender);
            AnswerIfSettled();
        });
        Command<WriteWaiting>(_ => Write());
        Command<SaveSnapshotSuccess>(saved =>
        {
            DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
        });
        // The events are stored: without a snapshot a recovery only takes longer.
        Command<SaveSnapshotFailure>(_ => Answered());
        Command<DeleteSnapshotsSuccess>(_ => Answered());
        Command<DeleteSnapshotsFailure>(_ => Answered());
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string persistenceId, int snapshotEvery, Func<Exception, string> describe) =>
        Akka.Actor.Props.Create(() => new AgentJournalActor(persistenceId, snapshotEvery, describe));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Fail(cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Fail(cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Fail(reason);

    private void Recovered(EncodedEvent stored)
    {
        _state.Apply(stored.Decode(), stored.Digest);
        _sinceSnapshot++;
    }

    private void Store(IJournalEvent happened)
    {
        EncodedEvent encoded = EncodedEvent.Of(happened);
        ulong digest = encoded.Digest;
        if (_state.Compare(happened, digest) is { } difference)
        {
            Context.Parent.Tell(new JournalEvents.JournalFailed($"{PersistenceId}: {difference}"));
            return;
        }
        if (!_state.IsNew(happened))
        {
            return;
        }
        // Counted when handed over: the next one may come before this one is stored.
        _state.Apply(happened, digest);
        _waiting.Add(encoded);
        if (_waiting.Count == MostWaiting)
        {
            Write();
        }
        else if (_waiting.Count == 1)
        {
            Timers.StartSingleTimer(WriteWaiting.Instance, WriteWaiting.Instance, Patience);
        }
    }

    private void Write()
    {
        if (_waiting.Count == 0)
        {
            return;
        }
        Timers.Cancel(WriteWaiting.Instance);
        int events = _waiting.Count;
        // Those that wait are counted already.
        EventBlock block = new(PersistenceId, _state.Events - events + 1, [.. _waiting]);
        _waiting.Clear();
        _underWay++;
        PersistAsync(block, _ =>
        {
            _sinceSnapshot += events;
            SnapshotIfDue();
            Answered();
        });
    }

    private void SnapshotIfDue()
    {
        // Only when all that the state counts is stored: nothing waits, and this block is the only one that is under way.
        if (_sinceSnapshot >= _snapshotEvery && _waiting.Count == 0 && _underWay == 1)
        {
            _sinceSnapshot = 0;
            _underWay++;
            SaveSnapshot(_state.ToSnapshot());
        }
    }

    private void Answered()
    {
        _underWay--;
        AnswerIfSettled();
    }

    private void AnswerIfSettled()
    {
        if (_underWay > 0)
        {
            return;
        }
        foreach (IActorRef asker in _askers)
        {
            asker.Tell(JournalEvents.Settled.Instance);
        }
        _askers.Clear();
    }

    private void Fail(Exception cause) => Context.Parent.Tell(new JournalEvents.JournalFailed($"{PersistenceId}: {_describe(cause)}"));

    private sealed class WriteWaiting : INotInfluenceReceiveTimeout
    {
        public static WriteWaiting Instance { get; } = new();
    }
}
