namespace Akka.Persistence.Journal;

/// <summary>Turns events into what is stored.</summary>
public interface IWriteEventAdapter
{
    /// <summary>A text that <see cref="IReadEventAdapter.FromJournal"/> gets back; empty for none.</summary>
    string Manifest(object evt);

    /// <summary>What is stored; a <see cref="Tagged"/> adds tags.</summary>
    object ToJournal(object evt);
}

/// <summary>Turns what is stored into events.</summary>
public interface IReadEventAdapter
{
    /// <summary>The events; none, one or several.</summary>
    IEventSequence FromJournal(object evt, string manifest);
}

/// <summary>Turns events into what is stored, and back.</summary>
public interface IEventAdapter : IWriteEventAdapter, IReadEventAdapter;

/// <summary>Leaves events as they are.</summary>
public sealed class IdentityEventAdapter : IEventAdapter
{
    private IdentityEventAdapter() { }

    /// <summary>The adapter.</summary>
    public static IdentityEventAdapter Instance { get; } = new();

    /// <inheritdoc />
    public string Manifest(object evt) => string.Empty;

    /// <inheritdoc />
    public object ToJournal(object evt) => evt;

    /// <inheritdoc />
    public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Single(evt);
}

/// <summary>A write adapter that reads without change, or a read adapter that writes without change.</summary>
internal sealed class OneWayEventAdapter(IWriteEventAdapter? write, IReadEventAdapter? read) : IEventAdapter
{
    public string Manifest(object evt) => write?.Manifest(evt) ?? string.Empty;

    public object ToJournal(object evt) => write is null ? evt : write.ToJournal(evt);

    public IEventSequence FromJournal(object evt, string manifest) => read is null ? EventSequence.Single(evt) : read.FromJournal(evt, manifest);
}

/// <summary>Several read adapters of one type of event; their events come one after the other.</summary>
public sealed class CombinedReadEventAdapter(IEnumerable<IEventAdapter> adapters) : IEventAdapter
{
    /// <summary>The adapters.</summary>
    public IEnumerable<IEventAdapter> Adapters { get; } = adapters.ToArray();

    /// <inheritdoc />
    public string Manifest(object evt) => throw OnlyReads();

    /// <inheritdoc />
    public object ToJournal(object evt) => throw OnlyReads();

    /// <inheritdoc />
    public IEventSequence FromJournal(object evt, string manifest) =>
        EventSequence.Create(Adapters.SelectMany(adapter => adapter.FromJournal(evt, manifest).Events));

    private static InvalidOperationException OnlyReads() => new("CombinedReadEventAdapter must not be used when writing (creating manifests) events!");
}

/// <summary>What an adapter made of a stored event.</summary>
public interface IEventSequence
{
    /// <summary>The events.</summary>
    IEnumerable<object> Events { get; }
}

/// <summary>Marks the sequence without events.</summary>
public interface IEmptyEventSequence : IEventSequence;

/// <summary>No event.</summary>
public sealed class EmptyEventSequence : IEmptyEventSequence
{
    /// <summary>The sequence.</summary>
    public static readonly EmptyEventSequence Instance = new();

    private EmptyEventSequence() { }

    /// <inheritdoc />
    public IEnumerable<object> Events => [];
}

/// <summary>One event.</summary>
public readonly struct SingleEventSequence(object e) : IEventSequence
{
    /// <inheritdoc />
    public IEnumerable<object> Events { get; } = [e];
}

/// <summary>Makes sequences.</summary>
public static class EventSequence
{
    /// <summary>No event.</summary>
    public static IEventSequence Empty = EmptyEventSequence.Instance;

    /// <summary>One event.</summary>
    public static IEventSequence Single(object e) => new SingleEventSequence(e);

    /// <summary>Some events.</summary>
    public static IEventSequence Create(params object[] events) => Create((IEnumerable<object>)events);

    /// <summary>Some events.</summary>
    public static IEventSequence Create(IEnumerable<object> events) => new Several(events.ToArray());

    private sealed class Several(object[] events) : IEventSequence
    {
        public IEnumerable<object> Events => events;
    }
}
