using System.Collections.Immutable;

namespace AkkaLb.Agents.Journals;

/// <summary>What an agent's events up to a point amount to.</summary>
/// <param name="Events">Number of all of them.</param>
/// <param name="Series">Number of the numbered ones, by type (its manifest's name).</param>
/// <param name="State">What the agent knew there, in its own format; empty for an agent that knows nothing beside its events.</param>
public sealed record AgentSnapshot(long Events, ImmutableSortedDictionary<string, long> Series, ImmutableArray<byte> State);

/// <summary>
/// Counts of an agent's events, and digests of those that it may decide again: enough to tell whether an event is new, the one that was
/// stored, or another one.
/// </summary>
public sealed class AgentJournalState
{
    private readonly SortedDictionary<string, Numbered> _series = new(StringComparer.Ordinal);

    /// <summary>Events counted so far.</summary>
    public long Events { get; private set; }

    /// <summary>Whether events before the first that was counted are gone.</summary>
    public bool IsCut { get; private set; }

    public bool IsNew(IJournalEvent happened) => happened.Step < 0 || happened.Step == Of(happened).Count;

    /// <summary>Null when an event may follow or is the one that was stored; else what is wrong, in one line.</summary>
    /// <param name="digest">Of its bytes.</param>
    public string? Compare(IJournalEvent happened, ulong digest)
    {
        Numbered stored = Of(happened);
        return happened.Step < 0 || happened.Step == stored.Count ? null
            : happened.Step > stored.Count
                ? $"{JournalFormat.ManifestOf(happened)} {happened.Step} comes after {stored.Count} such events: "
                    + "the journal has a gap, put back a sound copy"
            : happened.Step >= stored.First && stored.Digests[(int)(happened.Step - stored.First)] != digest
                ? $"{JournalFormat.ManifestOf(happened)} {happened.Step} differs from the one in the journal"
            : null;
    }

    /// <inheritdoc cref="Compare"/>
    /// <param name="isKept">Whether it may be decided again, and so compared.</param>
    public void Apply(IJournalEvent stored, ulong digest, bool isKept = true)
    {
        Events++;
        if (stored.Step < 0)
        {
            return;
        }
        Numbered series = Of(stored);
        if (isKept)
        {
            series.Digests.Add(digest);
        }
        else
        {
            series.First++;
        }
    }

    /// <summary>Whether something is stored that has yet to be decided again.</summary>
    public bool IsAhead => _series.Values.Any(series => series.Decided < series.Count && series.Digests.Count > 0);

    /// <summary>An event was decided, for the first time or again.</summary>
    public void Decide(IJournalEvent happened)
    {
        if (happened.Step >= 0)
        {
            Numbered series = Of(happened);
            series.Decided = Math.Max(series.Decided, happened.Step + 1);
        }
    }

    /// <summary>Nothing that was decided so far is decided again.</summary>
    public void Forget()
    {
        foreach (Numbered series in _series.Values)
        {
            int passed = (int)Math.Clamp(series.Decided - series.First, 0, series.Digests.Count);
            series.First += passed;
            series.Digests.RemoveRange(0, passed);
        }
    }

    public AgentSnapshot ToSnapshot(ReadOnlySpan<byte> state) => new(
        Events,
        _series.Where(s => s.Value.Count > 0).ToImmutableSortedDictionary(s => s.Key, s => s.Value.Count, StringComparer.Ordinal),
        [.. state]);

    /// <summary>Begins after events that are gone: a type's first number is that of the first one that comes.</summary>
    public void Cut(long events) => (Events, IsCut) = (events, true);

    /// <summary>Begins at a snapshot.</summary>
    public void Restore(AgentSnapshot snapshot)
    {
        Events = snapshot.Events;
        _series.Clear();
        foreach ((string type, long count) in snapshot.Series)
        {
            _series.Add(type, new Numbered { First = count });
        }
    }

    private Numbered Of(IJournalEvent happened)
    {
        string type = JournalFormat.TypeOf(happened);
        if (!_series.TryGetValue(type, out Numbered? series))
        {
            _series.Add(type, series = new Numbered { First = IsCut ? Math.Max(0, happened.Step) : 0 });
        }
        return series;
    }

    /// <summary>Events of one type, numbered from 0.</summary>
    private sealed class Numbered
    {
        /// <summary>Number of the first one whose digest is known; all up to it are stored.</summary>
        public long First { get; set; }

        public List<ulong> Digests { get; } = [];

        /// <summary>Number of the one after the last that was decided here.</summary>
        public long Decided { get; set; }

        public long Count => First + Digests.Count;
    }
}
