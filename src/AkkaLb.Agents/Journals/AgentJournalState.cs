using System.Collections.Immutable;

namespace AkkaLb.Agents.Journals;

/// <summary>What is known of the events that an agent has stored.</summary>
/// <param name="Events">Number of all of them.</param>
/// <param name="Series">A digest for each numbered event, by type (its manifest), in the order of the manifests.</param>
public sealed record AgentJournalSnapshot(long Events, ImmutableSortedDictionary<string, ImmutableArray<ulong>> Series);

/// <summary>Counts and digests of an agent's events: enough to tell whether an event is new, the one that was stored, or another one.</summary>
public sealed class AgentJournalState
{
    private readonly SortedDictionary<string, List<ulong>> _series = new(StringComparer.Ordinal);

    /// <summary>Events counted so far.</summary>
    public long Events { get; private set; }

    public bool IsNew(IJournalEvent happened) => happened.Step < 0 || happened.Step == Stored(happened).Count;

    /// <summary>Null when an event may follow or is the one that was stored; else what is wrong, in one line.</summary>
    /// <param name="digest">Of its bytes.</param>
    public string? Compare(IJournalEvent happened, ulong digest)
    {
        IReadOnlyList<ulong> stored = Stored(happened);
        return happened.Step < 0 || happened.Step == stored.Count ? null
            : happened.Step > stored.Count ? $"{JournalFormat.ManifestOf(happened)} {happened.Step} comes after {stored.Count} such events: the journal has a gap"
            : stored[(int)happened.Step] != digest ? $"{JournalFormat.ManifestOf(happened)} {happened.Step} differs from the one in the journal"
            : null;
    }

    /// <inheritdoc cref="Compare"/>
    public void Apply(IJournalEvent stored, ulong digest)
    {
        Events++;
        if (stored.Step >= 0)
        {
            string type = JournalFormat.TypeOf(stored);
            if (!_series.TryGetValue(type, out List<ulong>? digests))
            {
                _series.Add(type, digests = []);
            }
            digests.Add(digest);
        }
    }

    public AgentJournalSnapshot ToSnapshot() => new(
        Events, _series.ToImmutableSortedDictionary(s => s.Key, s => s.Value.ToImmutableArray(), StringComparer.Ordinal));

    /// <summary>Begins at a snapshot.</summary>
    public void Restore(AgentJournalSnapshot snapshot)
    {
        Events = snapshot.Events;
        _series.Clear();
        foreach ((string manifest, ImmutableArray<ulong> digests) in snapshot.Series)
        {
            _series.Add(manifest, [.. digests]);
        }
    }

    private IReadOnlyList<ulong> Stored(IJournalEvent happened) => _series.TryGetValue(JournalFormat.TypeOf(happened), out List<ulong>? digests) ? digests : [];
}
