using System.Collections.Immutable;
using System.Security.Cryptography;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Persistence;

/// <summary>The base of persistent actors: recovers them, stores their events, and keeps commands back meanwhile.</summary>
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IPersistenceStash, IPersistenceRecovery, ISnapshotter
{
    private static int _instances;

    /// <summary>Keeps what the actor's own stash must not put back: answers to an incarnation that has ended.</summary>
    public static readonly Func<Envelope, bool> UnstashFilterPredicate = static envelope => envelope.Message is not (WriteMessageSuccess or ReplayedMessage);

    private readonly int _instanceId = Interlocked.Increment(ref _instances);
    private readonly string _writerGuid = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly ActorStash _internalStash;
    private readonly Queue<PendingInvocation> _pendingInvocations = new();
    private List<IPersistentEnvelope> _eventBatch = [];
    private List<IPersistentEnvelope> _journalBatch = [];
    private IActorRef? _journal;
    private IActorRef? _snapshotStore;
    private ILoggingAdapter? _log;
    private int _pendingStashingInvocations;
    private long _sequenceNr;
    private bool _isWriteInProgress;
    private bool _asyncTaskRunning;

    /// <summary>Made by the engine only.</summary>
    protected Eventsourced()
    {
        Extension = Persistence.Instance.Apply(Context.System);
        _internalStash = new ActorStash(Cell, capacity: -1);
    }

    /// <summary>The persistence of this system.</summary>
    public PersistenceExtension Extension { get; }

    /// <inheritdoc />
    public abstract string PersistenceId { get; }

    /// <inheritdoc />
    public string JournalPluginId { get; protected set; } = "";

    /// <inheritdoc />
    public string SnapshotPluginId { get; protected set; } = "";

    /// <inheritdoc />
    public virtual Recovery Recovery => Recovery.Default;

    /// <inheritdoc />
    public virtual IStashOverflowStrategy InternalStashOverflowStrategy => Extension.DefaultInternalStashOverflowStrategy;

    /// <summary>The actor's own stash.</summary>
    public IStash Stash { get; set; } = null!;

    /// <summary>The journal.</summary>
    public IActorRef Journal => _journal ??= Extension.JournalFor(JournalPluginId);

    /// <summary>The snapshot store.</summary>
    public IActorRef SnapshotStore => _snapshotStore ??= Extension.SnapshotStoreFor(SnapshotPluginId);

    /// <inheritdoc />
    public string SnapshotterId => PersistenceId;

    /// <inheritdoc />
    public long SnapshotSequenceNr => LastSequenceNr;

    /// <summary>Number of the last event stored or replayed.</summary>
    public long LastSequenceNr { get; private set; }

    /// <summary>True until <see cref="RecoveryCompleted"/> is in hand.</summary>
    public bool IsRecovering => _phase is Phase.WaitingPermit or Phase.AwaitingSnapshot || (_phase == Phase.Replaying && _replaying);

    /// <summary>True from <see cref="RecoveryCompleted"/> on.</summary>
    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>The actor's log.</summary>
    protected virtual ILoggingAdapter Log => _log ??= Context.GetLogger();

    /// <inheritdoc />
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) =>
        SnapshotStore.Tell(new LoadSnapshot(persistenceId, criteria, toSequenceNr));

    /// <inheritdoc />
    public void SaveSnapshot(object snapshot) =>
        SnapshotStore.Tell(new SaveSnapshot(new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr), snapshot));

    /// <inheritdoc />
    public void DeleteSnapshot(long sequenceNr) =>
        SnapshotStore.Tell(new DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr)));

    /// <inheritdoc />
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) => SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria));

    /// <summary>
    /// Stores an event and calls the handler when it is stored; commands that come meanwhile are kept until then. The
    /// handler has the sender of the command and may store further events.
    /// </summary>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        ThrowIfRecovering("persist");
        AddPending(handler, stashes: true);
        _eventBatch.Add(new AtomicWrite(Represent(@event!)));
    }

    /// <summary>Stores events together or not at all; the handler is called for each of them.</summary>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => AddAll(events, handler, stashes: true);

    /// <summary>Stores an event as <see cref="Persist{TEvent}"/> does, without keeping commands back.</summary>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        ThrowIfRecovering("persist");
        AddPending(handler, stashes: false);
        _eventBatch.Add(new AtomicWrite(Represent(@event!)));
    }

    /// <summary>Stores events together or not at all, without keeping commands back.</summary>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => AddAll(events, handler, stashes: false);

    /// <summary>Calls the handler when all events before are stored, at once when there are none; stores nothing.</summary>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        ThrowIfRecovering("defer");
        if (_pendingInvocations.Count == 0)
        {
            handler(evt);
            return;
        }
        AddPending(handler, stashes: false);
        _eventBatch.Add(new NonPersistentMessage(evt!, Sender));
    }

    /// <summary>Deletes events; the journal answers with <see cref="DeleteMessagesSuccess"/> or <see cref="DeleteMessagesFailure"/>.</summary>
    public void DeleteMessages(long toSequenceNr)
    {
        if (toSequenceNr == long.MaxValue || toSequenceNr <= LastSequenceNr)
        {
            Journal.Tell(new DeleteMessagesTo(PersistenceId, toSequenceNr, Self));
            return;
        }
        Self.Tell(new DeleteMessagesFailure(
            new ArgumentException($"toSequenceNr [{toSequenceNr}] must be less than or equal to LastSequenceNr [{LastSequenceNr}]"), toSequenceNr));
    }

    /// <summary>Handles an event, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/> of the recovery; false leaves it unhandled.</summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Handles a command; false leaves it unhandled.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>Called when an event could not be stored; the actor stops afterwards, as nobody knows what is stored.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "Failed to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}].", @event.GetType(), sequenceNr, PersistenceId);

    /// <summary>Called when the journal refused an event; the actor goes on.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "Rejected to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}] due to [{3}].", @event.GetType(), sequenceNr, PersistenceId, cause.Message);

    /// <summary>Called when the recovery failed; the actor stops afterwards.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">The event in hand, if the actor itself failed.</param>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (message is null)
        {
            Log.Error(reason, "Persistence failure when replaying events for persistenceId [{0}]. Last known sequence number [{1}]", PersistenceId, LastSequenceNr);
        }
        else
        {
            Log.Error(reason, "Exception in ReceiveRecover when replaying event type [{0}] with sequence number [{1}] for persistenceId [{2}].", message.GetType(), LastSequenceNr, PersistenceId);
        }
    }

    /// <summary>Called when all events are replayed, before <see cref="RecoveryCompleted"/>.</summary>
    protected virtual void OnReplaySuccess() { }

    /// <summary>Runs asynchronous code in the actor's context after the message in hand; commands wait for it, and events that it persists are stored at its end.</summary>
    protected void RunTask(Func<Task> action)
    {
        _asyncTaskRunning = true;
        ActorTaskScheduler.RunTask(async () =>
        {
            bool failed = true;
            try
            {
                await action();
                failed = false;
            }
            finally
            {
                _asyncTaskRunning = false;
                CommandHandled(failed);
            }
        });
    }

    private void AddAll<TEvent>(IEnumerable<TEvent>? events, Action<TEvent> handler, bool stashes)
    {
        ThrowIfRecovering("persist");
        if (events is null) { return; }
        ImmutableArray<IPersistentRepresentation>.Builder batch = ImmutableArray.CreateBuilder<IPersistentRepresentation>();
        foreach (TEvent @event in events)
        {
            AddPending(handler, stashes);
            batch.Add(Represent(@event!));
        }
        if (batch.Count > 0) { _eventBatch.Add(new AtomicWrite(batch.ToImmutable())); }
    }

    private void AddPending<TEvent>(Action<TEvent> handler, bool stashes)
    {
        if (stashes) { _pendingStashingInvocations++; }
        _pendingInvocations.Enqueue(new PendingInvocation(stored => handler((TEvent)stored), stashes));
    }

    private Persistent Represent(object @event) =>
        new(@event, sequenceNr: ++_sequenceNr, persistenceId: PersistenceId, sender: Sender, writerGuid: _writerGuid);

    private void ThrowIfRecovering(string what)
    {
        if (IsRecovering)
        {
            throw new InvalidOperationException($"Cannot {what} during replay. Events can be {(what == "defer" ? "deferred" : "persisted")} when receiving RecoveryCompleted or later.");
        }
    }
}
