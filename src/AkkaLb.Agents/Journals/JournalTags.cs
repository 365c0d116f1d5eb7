using System.Collections.Immutable;
using Akka.Persistence.Journal;

namespace AkkaLb.Agents.Journals;

/// <summary>Tags events as they are stored.</summary>
public sealed class JournalTags : IWriteEventAdapter
{
    /// <inheritdoc />
    public string Manifest(object evt) => "";

    /// <inheritdoc />
    public object ToJournal(object evt) => evt is IJournalEvent { Tag: { } tag } ? new Tagged(evt, ImmutableHashSet.Create(tag)) : evt;
}
