using AkkaLb.Agents.Journals;
using AkkaLb.Domain;

namespace AkkaLb.Runtime.Journals;

/// <summary>An agent and how many events of it there are.</summary>
/// <param name="Agent">Its name, with the prefix of its run in a database that runs share.</param>
/// <param name="Events">Number of events.</param>
/// <param name="Last">Sequence number of the last one.</param>
/// <param name="From">When the first one was stored.</param>
/// <param name="Until">When the last one was stored.</param>
public sealed record StoredAgent(string Agent, long Events, long Last, DateTimeOffset From, DateTimeOffset Until);

/// <summary>A row of the journal.</summary>
/// <param name="Ordering">Number over all agents.</param>
/// <param name="Agent">The agent.</param>
/// <param name="SequenceNumber">Number among the agent's events, from 1.</param>
/// <param name="Stored">When it was handed over.</param>
/// <param name="Manifest">Name and version of its type.</param>
/// <param name="Serializer">Who wrote its bytes.</param>
/// <param name="Writer">The incarnation of the agent that wrote it.</param>
/// <param name="Bytes">The event.</param>
/// <param name="Tag">Its tag, or none.</param>
public sealed record StoredEvent(
    long Ordering, string Agent, long SequenceNumber, DateTimeOffset Stored, string Manifest, int Serializer, string Writer, byte[] Bytes, string? Tag)
{
    /// <summary>The name in the manifest.</summary>
    public string Type => Manifest.Split('/')[0];

    /// <exception cref="InvalidInputException">Nobody here can read it.</exception>
    public IJournalEvent Read()
    {
        try
        {
            return Serializer == JournalSerializer.Id && JournalFormat.Read(Bytes, Manifest) is IJournalEvent stored
                ? stored
                : throw new InvalidDataException($"written by serializer {Serializer}, expected {JournalSerializer.Id}");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidInputException($"event {SequenceNumber} of {Agent}: {e.Message}", e);
        }
    }
}

/// <summary>A row of the snapshot store.</summary>
/// <param name="SequenceNumber">The event up to which it holds.</param>
public sealed record StoredSnapshot(string Agent, long SequenceNumber, string Manifest, byte[] Bytes);

/// <summary>Which events; null: no bound.</summary>
/// <param name="From">Lowest sequence number.</param>
/// <param name="To">Highest sequence number.</param>
public sealed record EventFilter(
    string? Agent = null, string? Type = null, string? Tag = null, long? From = null, long? To = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null);
