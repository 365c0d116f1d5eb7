using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaLb.Agents.Telemetry;

namespace AkkaLb.Agents.Journals;

/// <summary>
/// A persistent agent: what it decides and learns are events that it stores itself, and from them alone it comes back after a crash or in
/// another process. A run that goes on from a barrier (an episode, say) decides again what came after it: those events are compared with
/// the ones that are stored, and a difference ends the run. So what was recovered waits until the agent is told where the run goes on.
/// </summary>
/// <remarks>
/// Events wait until the barrier, or until there are many, and are then written as one row. Without a journal nothing is stored or
/// recovered.
/// </remarks>
public abstract class JournalledActor : ReceivePersistentActor
{
    /// <summary>Events that wait at most, and their bytes.</summary>
    public const int MostWaiting = 1000, MostBytesWaiting = 8 << 20;

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private static long _eventsStored, _lastTold;
    private static string? _lastReason;

    private readonly AgentJournal? _journal;
    private readonly List<EncodedEvent> _waiting = [];
    private readonly List<Action> _whenStored = [];
    private readonly List<(IJournalEvent Event, ulong Digest)> _recovered = [];
    private readonly AgentJournalState _state = new();

    // The rows that snapshots were taken of, and when; those from which events are kept.
    private readonly Queue<(long Row, DateTime Time)> _snapshots = new();
    private long _recoveredEvents;
    private int _waitingBytes, _sinceSnapshot;
    private bool _hasFailed;

    // Blocks that are not stored yet; snapshots and removals that the plugin has not answered yet. They are counted apart: what it answers
    // about a snapshot of an agent that has crashed meanwhile comes to the successor, and would be taken for its events being stored.
    private int _underWay, _unanswered;

    /// <param name="journal">Null: this agent stores nothing.</param>
    /// <param name="name">The agent's name within the run, such as <c>link-3</c>.</param>
    protected JournalledActor(AgentJournal? journal, string name)
    {
        _journal = journal;
        PersistenceId = journal?.Prefix + name;
        if (journal is null)
        {
            // Where nothing is stored: the default ones are those of the run, or write files.
            (JournalPluginId, SnapshotPluginId) = ("akka.persistence.journal.inmem", "akka.persistence.no-snapshot-store");
        }
        Recover<SnapshotOffer>(offer =>
        {
            var snapshot = (AgentSnapshot)offer.Snapshot;
            _state.Restore(snapshot);
            _recoveredEvents = snapshot.Events;
            RestoreState(snapshot.State.AsSpan());
            _snapshots.Enqueue((offer.Metadata.SequenceNr, offer.Metadata.Timestamp));
        });
        Recover<IJournalEvent>(stored => Take(EncodedEvent.Of(stored)));
        Recover<EventBlock>(block =>
        {
            if (block.PersistenceId != PersistenceId || block.First != _recoveredEvents + 1)
            {
                throw new InvalidDataException(
                    $"row {LastSequenceNr} holds event {block.First} and those after it of {block.PersistenceId}, "
                    + $"expected event {_recoveredEvents + 1}");
            }
            foreach (EncodedEvent stored in block.Events)
            {
                Take(stored);
            }
        });
        Command<SaveSnapshotSuccess>(saved =>
        {
            DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
            Expire(saved.Metadata);
        });
        // The events are stored: without a snapshot a recovery only takes longer.
        Command<SaveSnapshotFailure>(_ => Answered());
        Command<DeleteSnapshotsSuccess>(_ => Answered());
        Command<DeleteSnapshotsFailure>(_ => Answered());
        Command<DeleteMessagesSuccess>(_ => Answered());
        // They are deleted with the next ones.
        Command<DeleteMessagesFailure>(_ => Answered());
    }

    /// <summary>Events that this process has stored.</summary>
    public static long EventsStored => Interlocked.Read(ref _eventsStored);

    public override string PersistenceId { get; }

    public override Recovery Recovery =>
        _journal is null ? Recovery.None : KeepsSnapshots ? base.Recovery : new Recovery(SnapshotSelectionCriteria.None);

    /// <summary>Whether there may be snapshots: looking for one takes as long as looking for events.</summary>
    protected virtual bool KeepsSnapshots => true;

    /// <summary>Whether events are stored at all.</summary>
    protected bool HasJournal => _journal is not null;

    /// <summary>Brings the state to what it was after an event of before the barrier.</summary>
    protected virtual void Apply(IJournalEvent stored)
    {
    }

    /// <summary>The state for a snapshot: all that <see cref="Apply"/> built.</summary>
    protected virtual byte[] SaveState() => [];

    /// <summary>Begins at what <see cref="SaveState"/> gave.</summary>
    /// <exception cref="InvalidDataException">It is not of this agent, or of a time after the barrier.</exception>
    protected virtual void RestoreState(ReadOnlySpan<byte> state)
    {
    }

    /// <summary>The run goes on from a barrier. Brings the state there, unless it was brought to one before.</summary>
    /// <param name="isBefore">Whether the run goes on after an event; else it will be decided again.</param>
    protected void GoOn(Func<IJournalEvent, bool> isBefore)
    {
        foreach ((IJournalEvent happened, ulong digest) in _recovered)
        {
            bool counts = isBefore(happened);
            _state.Apply(happened, digest, isKept: !counts);
            if (counts)
            {
                Apply(happened);
            }
        }
        _recovered.Clear();
    }

    /// <summary>Stores an event with those that come next, unless it is stored already.</summary>
    protected void Store(IJournalEvent happened)
    {
        if (_journal is null)
        {
            return;
        }
        GoOn(_ => false);
        EncodedEvent encoded = EncodedEvent.Of(happened);
        ulong digest = encoded.Digest;
        if (_state.Compare(happened, digest) is { } difference)
        {
            Fail(difference);
            return;
        }
        _state.Decide(happened);
        if (!_state.IsNew(happened))
        {
            return;
        }
        // Counted when handed over: the next one may come before this one is stored.
        _state.Apply(happened, digest);
        _waiting.Add(encoded);
        _waitingBytes += encoded.Bytes.Length;
        if (_waiting.Count == MostWaiting || _waitingBytes >= MostBytesWaiting)
        {
            WriteWaiting();
        }
    }

    /// <summary>Writes what waits. What comes next happens when all that came before is stored.</summary>
    protected void WhenStored(Action next)
    {
        if (_hasFailed)
        {
            return;
        }
        WriteWaiting();
        _whenStored.Add(next);
        ProceedIfStored();
    }

    /// <summary>Writes what waits.</summary>
    /// <param name="then">Happens when it is stored; not at all when nothing waits.</param>
    protected void WriteWaiting(Action? then = null)
    {
        if (_waiting.Count == 0)
        {
            return;
        }
        int events = _waiting.Count;
        // Those that wait are counted already.
        EventBlock block = new(PersistenceId, _state.Events - events + 1, [.. _waiting]);
        _waiting.Clear();
        _waitingBytes = 0;
        _underWay++;
        long handedOver = Stopwatch.GetTimestamp();
        PersistAsync(block, _ =>
        {
            Interlocked.Add(ref _eventsStored, events);
            Metrics.JournalEvents.Add(events);
            Metrics.JournalPersistDuration.Record(Stopwatch.GetElapsedTime(handedOver).TotalSeconds);
            _sinceSnapshot += events;
            _underWay--;
            then?.Invoke();
            ProceedIfStored();
        });
    }

    /// <summary>The state of now is a barrier: what came before it is not decided again in this process.</summary>
    protected void PassBarrier() => _state.Forget();

    /// <summary>
    /// The state of now is a barrier that the run goes on from in another process too. Keeps a snapshot if enough has come since the last.
    /// </summary>
    protected void KeepSnapshot()
    {
        PassBarrier();
        if (_journal is null || _state.IsAhead || _sinceSnapshot + _waiting.Count < _journal.SnapshotEvery || IsWaiting)
        {
            return;
        }
        AgentSnapshot snapshot = _state.ToSnapshot(SaveState());
        if (_waiting.Count > 0)
        {
            // The snapshot is of the row that holds them.
            WriteWaiting(Save);
        }
        else
        {
            Save();
        }

        void Save()
        {
            _sinceSnapshot = 0;
            _unanswered++;
            SaveSnapshot(snapshot);
        }
    }

    /// <summary>The agent can store nothing more, and with it the run cannot go on.</summary>
    protected void Fail(string reason)
    {
        _hasFailed = true;
        _journal!.Failed($"{PersistenceId}: {reason}");
        Context.Stop(Self);
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Report(cause);

    /// <summary>To Akka.NET the actor may go on; here the events count already, and what waits for them would wait for ever.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Report(cause);
        Context.Stop(Self);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Report(reason);

    private void Take(EncodedEvent stored)
    {
        _recovered.Add((stored.Decode(), stored.Digest));
        _recoveredEvents++;
        _sinceSnapshot++;
    }

    /// <summary>Deletes events up to the last snapshot that was old enough when this one was taken.</summary>
    private void Expire(SnapshotMetadata saved)
    {
        if (_journal!.Keep == TimeSpan.Zero)
        {
            return;
        }
        long row = 0;
        while (_snapshots.TryPeek(out (long Row, DateTime Time) oldest) && oldest.Time <= saved.Timestamp - _journal.Keep)
        {
            row = _snapshots.Dequeue().Row;
        }
        _snapshots.Enqueue((saved.SequenceNr, saved.Timestamp));
        if (row > 0)
        {
            _unanswered++;
            DeleteMessages(row);
        }
    }

    private bool IsWaiting => _underWay + _unanswered > 0;

    private void Answered()
    {
        _unanswered = Math.Max(0, _unanswered - 1);
        ProceedIfStored();
    }

    private void ProceedIfStored()
    {
        if (IsWaiting || _whenStored.Count == 0)
        {
            return;
        }
        Action[] next = [.. _whenStored];
        _whenStored.Clear();
        foreach (Action action in next)
        {
            action();
        }
    }

    private void Report(Exception cause)
    {
        Metrics.JournalFailures.Add(1);
        string reason = _journal?.Describe(cause) ?? cause.Message;
        if (_lastReason != reason || Stopwatch.GetElapsedTime(_lastTold) > Again)
        {
            // Hundreds of agents fail for one reason, and again when they begin anew.
            (_lastReason, _lastTold) = (reason, Stopwatch.GetTimestamp());
            Log.Warning("Journal of {0}, and perhaps of others: {1}", PersistenceId, reason);
        }
        if (_journal is { OutlivesOutages: false } || cause.GetBaseException() is InvalidDataException)
        {
            _journal?.Failed($"{PersistenceId}: {reason}");
        }
    }
}
