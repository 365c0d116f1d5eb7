using System.Collections.Immutable;

namespace AkkaLb.Agents.Journals;

/// <summary>
/// Events of one agent that were stored together, as one row of the journal: a database stores some thousands of rows a second, and agents
/// decide more often than that. Whoever reads a journal sees the events, not the blocks.
/// </summary>
/// <remarks>Says whose it is and where it belongs, and has a checksum over all of it: no byte of a row can change unnoticed.</remarks>
/// <param name="PersistenceId">The agent, as the database names it.</param>
/// <param name="First">Number of the first event among the agent's events, from 1.</param>
/// <param name="Events">In their order, at least one.</param>
public sealed record EventBlock(string PersistenceId, long First, ImmutableArray<EncodedEvent> Events);

/// <summary>An event as it is stored.</summary>
/// <param name="Manifest">Name and version of its type.</param>
public sealed record EncodedEvent(string Manifest, byte[] Bytes)
{
    public static EncodedEvent Of(IJournalEvent happened) => new(JournalFormat.ManifestOf(happened), JournalFormat.Write(happened));

    /// <summary>64-bit digest of the bytes.</summary>
    public ulong Digest => JournalFormat.Digest(Bytes);

    /// <exception cref="InvalidDataException">The manifest is not known or is no event's, or the bytes are not of it.</exception>
    public IJournalEvent Decode() =>
        JournalFormat.Read(Bytes, Manifest) as IJournalEvent ?? throw new InvalidDataException($"'{Manifest}' is no event");
}
