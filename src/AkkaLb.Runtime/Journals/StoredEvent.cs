using AkkaLb.Agents.Journals;
using AkkaLb.Domain;

namespace AkkaLb.Runtime.Journals;

/// <summary>An agent and how many events of it there are.</summary>
/// <param name="Agent">Its name, with the prefix of its run in a database that runs share.</param>
/// <param name="Events">Number of events.</param>
/// <param name="Rows">Rows that hold them.</param>
/// <param name="From">When the first one was stored.</param>
/// <param name="Until">When the last one was stored.</param>
public sealed record StoredAgent(string Agent, long Events, long Rows, DateTimeOffset From, DateTimeOffset Until);

/// <summary>A row of the journal: one event, or a block of them.</summary>
/// <param name="Ordering">Number over all agents.</param>
/// <param name="Agent">The agent.</param>
/// <param name="SequenceNumber">Number among the agent's rows, from 1.</param>
/// <param name="Stored">When it was handed over.</param>
/// <param name="Manifest">Name and version of its type.</param>
/// <param name="Serializer">Who wrote its bytes.</param>
/// <param name="Bytes">As they are stored.</param>
/// <param name="Tag">Its tags, with semicolons between them, or none; nothing that this program writes has any.</param>
/// <param name="Deleted">Left by Akka.NET only to know the last number: the events up to here were deleted.</param>
/// <param name="Source">The file or server that it is from, and <paramref name="Prefix"/> of its agent there.</param>
public sealed record StoredRow(
    long Ordering, string Agent, long SequenceNumber, DateTimeOffset Stored, string Manifest, int Serializer, byte[] Bytes, string? Tag,
    bool Deleted, string Source, string Prefix)
{
    /// <summary>False for what another program of Akka.NET wrote.</summary>
    public bool IsOurs => Serializer == JournalSerializer.Id;

    /// <summary>The block that it is; null when it is one event, or nothing that can be read here.</summary>
    public EventBlock? Block()
    {
        try
        {
            return IsOurs ? JournalFormat.Block(Bytes, Manifest) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The events in it; itself, undeciphered, where it is nothing that can be read here.</summary>
    public IReadOnlyList<EncodedEvent> Events() => Block()?.Events ?? [new EncodedEvent(Manifest, Bytes)];
}

/// <summary>An event of the journal.</summary>
/// <param name="Row">Where it stands.</param>
/// <param name="Number">Number among the agent's events, from 1.</param>
/// <param name="Event">Manifest and bytes.</param>
public sealed record StoredEvent(StoredRow Row, long Number, EncodedEvent Event)
{
    public string Agent => Row.Agent;

    public DateTimeOffset Stored => Row.Stored;

    public string Manifest => Event.Manifest;

    public byte[] Bytes => Event.Bytes;

    /// <summary>The name in the manifest.</summary>
    public string Type => Manifest.Split('/')[0];

    /// <exception cref="InvalidInputException">Nobody here can read it.</exception>
    public IJournalEvent Read()
    {
        try
        {
            return Row.IsOurs ? Event.Decode() : throw new InvalidDataException(
                $"written by serializer {Row.Serializer}, expected {JournalSerializer.Id}");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidInputException($"{Row.Source}: row {Row.SequenceNumber} of {Agent} cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>A row of the snapshot store.</summary>
/// <param name="SequenceNumber">The row of the journal up to which it holds.</param>
public sealed record StoredSnapshot(string Agent, long SequenceNumber, string Manifest, byte[] Bytes);

/// <summary>Which events; null: no bound.</summary>
/// <param name="From">Lowest number.</param>
/// <param name="To">Highest number.</param>
public sealed record EventFilter(
    string? Agent = null, string? Type = null, string? Tag = null, long? From = null, long? To = null, DateTimeOffset? Since = null,
    DateTimeOffset? Until = null)
{
    internal bool Takes(StoredEvent stored) =>
        (Type is null || stored.Type == Type) && (Tag is null || (stored.Row.Tag?.Split(';').Contains(Tag) ?? false))
        && !(stored.Number < From) && !(stored.Number > To) && !(stored.Stored < Since) && !(stored.Stored > Until);
}
