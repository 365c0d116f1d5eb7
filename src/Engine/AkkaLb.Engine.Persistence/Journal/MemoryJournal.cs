using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Keeps events in memory, as objects; they end with the system.</summary>
public class MemoryJournal : AsyncWriteJournal
{
    private readonly ConcurrentDictionary<string, Events> _actors = new();

    /// <inheritdoc />
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        Task.FromResult(_actors.TryGetValue(persistenceId, out Events? events) ? events.Highest : 0);

    /// <inheritdoc />
    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        if (_actors.TryGetValue(persistenceId, out Events? events))
        {
            foreach (IPersistentRepresentation persistent in events.Read(fromSequenceNr, toSequenceNr, max)) { recoveryCallback(persistent); }
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    protected override Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        foreach (AtomicWrite write in messages) { _actors.GetOrAdd(write.PersistenceId, static _ => new Events()).Add(write.Events); }
        return Task.FromResult<IImmutableList<Exception?>?>(null);
    }

    /// <inheritdoc />
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        if (_actors.TryGetValue(persistenceId, out Events? events)) { events.Delete(toSequenceNr); }
        return Task.CompletedTask;
    }

    /// <summary>The events of one actor, by sequence number.</summary>
    private sealed class Events
    {
        private readonly SortedDictionary<long, IPersistentRepresentation> _events = [];

        internal long Highest { get; private set; }

        internal void Add(IImmutableList<IPersistentRepresentation> events)
        {
            lock (_events)
            {
                if (events.FirstOrDefault(e => _events.ContainsKey(e.SequenceNr)) is { } twice)
                {
                    throw new InvalidOperationException($"{twice.PersistenceId} has an event {twice.SequenceNr} already");
                }
                foreach (IPersistentRepresentation each in events)
                {
                    _events.Add(each.SequenceNr, each.Payload is Tagged tagged ? each.WithPayload(tagged.Payload) : each);
                    Highest = Math.Max(Highest, each.SequenceNr);
                }
            }
        }

        internal List<IPersistentRepresentation> Read(long from, long to, long max)
        {
            lock (_events)
            {
                return _events.Values.SkipWhile(e => e.SequenceNr < from).TakeWhile(e => e.SequenceNr <= to).Take((int)Math.Min(max, int.MaxValue)).ToList();
            }
        }

        internal void Delete(long to)
        {
            lock (_events)
            {
                foreach (long number in _events.Keys.TakeWhile(n => n <= to).ToArray()) { _events.Remove(number); }
            }
        }
    }
}
