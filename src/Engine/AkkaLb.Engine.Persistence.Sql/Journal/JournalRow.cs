namespace AkkaLb.Engine;

/// <summary>An event as its row in the journal.</summary>
/// <param name="PersistenceId">The actor.</param>
/// <param name="SequenceNumber">From 1 without gaps.</param>
/// <param name="Created">Ticks of UTC.</param>
/// <param name="Message">Bytes of the serialiser.</param>
/// <param name="Manifest">What the serialiser needs to read them.</param>
/// <param name="Identifier">The serialiser.</param>
/// <param name="Writer">One text per incarnation of the writing actor.</param>
/// <param name="Tags">The event's tags.</param>
internal sealed record JournalRow(
    string PersistenceId, long SequenceNumber, long Created, byte[] Message, string Manifest, int Identifier, string Writer, IReadOnlyCollection<string> Tags);
