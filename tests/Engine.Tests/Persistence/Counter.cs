using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Engine.Tests.Persistence;

/// <summary>An actor that keeps a list of numbers; commands are tuples of a verb and numbers.</summary>
internal sealed class Counter : ReceivePersistentActor
{
    private readonly IActorRef _listener;
    private readonly List<object> _seen = [];

    public Counter(string id, IActorRef listener, Recovery? recovery = null)
    {
        PersistenceId = id;
        Recovery = recovery ?? Recovery.Default;
        _listener = listener;
        Recover<SnapshotOffer>(offer => _seen.AddRange((object[])offer.Snapshot));
        Recover<int>(number => _seen.Add(number));
        Recover<string>(text => _seen.Add(text));
        Recover<RecoveryCompleted>(_ => _listener.Tell($"recovered {string.Join(',', _seen)} last {LastSequenceNr} recovering {IsRecovering}"));
        Command<int>(number => Persist(number, Add));
        Command<int[]>(numbers => PersistAll(numbers, Add));
        Command<Later>(later => { PersistAsync(later.Number, Add); Sender.Tell("later"); });
        Command<Deferred>(deferred => { PersistAsync(deferred.Number, Add); DeferAsync("deferred", text => Sender.Tell(text)); });
        Command<Nested>(nested => Persist(nested.Number, number => { Add(number); Persist(number + 1, Add); }));
        CommandAsync<Slow>(async slow =>
        {
            await Task.Yield();
            Persist(slow.Number, Add);
        });
        Command<object>(text => text is "seen", _ => Sender.Tell(string.Join(',', _seen)));
        Command<object>(text => text is "snapshot", _ => SaveSnapshot(_seen.ToArray()));
        Command<object>(text => text is "fail", _ => throw new InvalidOperationException("on demand"));
        Command<object>(text => text is "stop", _ => Context.Stop(Self));
        Command<DeleteTo>(delete => DeleteMessages(delete.Number));
        Command<DeleteMessagesSuccess>(_listener.Tell);
        Command<DeleteMessagesFailure>(_listener.Tell);
        Command<SaveSnapshotSuccess>(_listener.Tell);
        Command<SaveSnapshotFailure>(_listener.Tell);
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery { get; }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _listener.Tell($"rejected {@event} at {sequenceNr}: {cause.Message}");

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _listener.Tell($"failed {@event} at {sequenceNr}: {cause.Message}");

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _listener.Tell($"no recovery: {reason.Message}");

    private void Add(int number)
    {
        _seen.Add(number);
        Sender.Tell(number);
    }

    internal sealed record Later(int Number);

    internal sealed record Deferred(int Number);

    internal sealed record Nested(int Number);

    internal sealed record Slow(int Number);

    internal sealed record DeleteTo(long Number);
}

/// <summary>A journal in memory that refuses 13, fails at 66, and holds writes back until told "go".</summary>
public sealed class MoodyJournal : MemoryJournal
{
    private readonly List<TaskCompletionSource> _held = [];
    private bool _holds;

    /// <inheritdoc />
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) => persistenceId == "unreadable"
        ? Task.FromException<long>(new InvalidOperationException("unreadable"))
        : base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr);

    /// <inheritdoc />
    protected override bool ReceivePluginInternal(object message)
    {
        _holds = message is "hold";
        if (message is "go")
        {
            foreach (TaskCompletionSource held in _held) { held.SetResult(); }
            _held.Clear();
        }
        Sender.Tell("done");
        return true;
    }

    /// <inheritdoc />
    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        if (_holds)
        {
            TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _held.Add(held);
            await held.Task;
        }
        AtomicWrite[] writes = [.. messages];
        if (writes.Any(w => Carries(w, 66))) { throw new InvalidOperationException("disk on fire"); }
        await base.WriteMessagesAsync(writes.Where(w => !Carries(w, 13)));
        return writes.Select(w => Carries(w, 13) ? new ArgumentException("unlucky") : (Exception?)null).ToImmutableList();
    }

    private static bool Carries(AtomicWrite write, int number) =>
        ((IEnumerable<IPersistentRepresentation>)write.Payload).Any(e => e.Payload is int i && i == number);
}
