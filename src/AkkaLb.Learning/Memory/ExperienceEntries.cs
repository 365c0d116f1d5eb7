using System.Collections.Immutable;

namespace AkkaLb.Learning.Memory;

/// <summary>Identifies an entry of an agent's memory.</summary>
/// <param name="Exchange">l, 0 … K − 1.</param>
/// <param name="Born">The agent's horizon in which it was remembered.</param>
public readonly record struct ExperienceKey(int Exchange, long Born) : IComparable<ExperienceKey>
{
    public int CompareTo(ExperienceKey other) => (Exchange, Born).CompareTo((other.Exchange, other.Born));
}

/// <summary>An entry of an agent's memory.</summary>
/// <param name="Key">Which.</param>
/// <param name="Action">The action taken in the end, or <see cref="AgentExperience.NoAction"/>.</param>
/// <param name="Version">The policy that led there.</param>
/// <param name="State">The state before the exchange.</param>
/// <param name="Outcome">The states after it, h of l + 1 … K.</param>
public sealed record ExperienceEntry(
    ExperienceKey Key, int Action, long Version, ImmutableArray<float> State, ImmutableArray<float> Outcome)
{
    /// <summary>Answers that it gave.</summary>
    public int Uses { get; init; }

    /// <summary>The last horizon in which it gave one; at first when it was born.</summary>
    public long LastUse { get; init; } = Key.Born;
}

/// <summary>What changed in a memory, as journals of earlier versions hold it: without the order of its rows and their uses.</summary>
/// <param name="Added">Entries that are there now and were not before, by key.</param>
/// <param name="Removed">Entries that are gone: given up for room, merged into others, or too old.</param>
public sealed record ExperienceChange(ImmutableArray<ExperienceEntry> Added, ImmutableArray<ExperienceKey> Removed);

/// <summary>The entries of a memory, rebuilt from what was noted of it, whatever its options are: to look at, not to go on with.</summary>
public sealed class ExperienceEntries : IExperienceChanges
{
    // By exchange and table.
    private readonly SortedDictionary<(int Exchange, int Table), List<ExperienceEntry>> _rows = [];
    private long _now, _version;

    /// <summary>By key.</summary>
    public IReadOnlyList<ExperienceEntry> All => [.. _rows.Values.SelectMany(rows => rows).OrderBy(entry => entry.Key)];

    public int Count => _rows.Values.Sum(rows => rows.Count);

    /// <summary>The horizons that the agent has lived through.</summary>
    public long Horizons => _now;

    /// <summary>Takes in what <see cref="ExperienceChanges.Take"/> gave.</summary>
    /// <exception cref="InvalidDataException">It is none of that, or does not follow on what came before.</exception>
    public void Apply(ReadOnlyMemory<byte> noted) => ExperienceChanges.Read(noted, this);

    /// <summary>Takes in what an earlier version stored.</summary>
    public void Apply(ExperienceChange change)
    {
        HashSet<ExperienceKey> removed = [.. change.Removed];
        foreach (List<ExperienceEntry> rows in _rows.Values)
        {
            rows.RemoveAll(entry => removed.Contains(entry.Key));
        }

        foreach (ExperienceEntry entry in change.Added)
        {
            Rows(entry.Key.Exchange, 0).Add(entry);
        }
    }

    void IExperienceChanges.Opened() => _now++;

    void IExperienceChanges.PolicyChanged(long version) => (_now, _version) = (_now + 1, version);

    void IExperienceChanges.Added(int exchange, int table, int action, ReadOnlySpan<float> state, ReadOnlySpan<float> outcome) =>
        Rows(exchange, table).Add(new ExperienceEntry(new ExperienceKey(exchange, _now), action, _version, [.. state], [.. outcome]));

    void IExperienceChanges.Removed(int exchange, int table, int row) => Remove(Rows(exchange, table), row);

    void IExperienceChanges.Expired(int exchange, int table, long oldestVersion)
    {
        List<ExperienceEntry> rows = Rows(exchange, table);
        for (int row = rows.Count - 1; row >= 0; row--)
        {
            if (rows[row].Version < oldestVersion)
            {
                Remove(rows, row);
            }
        }
    }

    void IExperienceChanges.Used(int exchange, int table, int row)
    {
        List<ExperienceEntry> rows = Rows(exchange, table);
        rows[row] = rows[row] with { Uses = rows[row].Uses + 1, LastUse = _now };
    }

    void IExperienceChanges.Arranged(int exchange, IReadOnlyList<(int Table, int Row)[]> sources)
    {
        List<ExperienceEntry>[] arranged =
        [
            .. sources.Select(rows => rows.Select(source => Rows(exchange, source.Table)[source.Row]).ToList()),
        ];
        for (int table = 0; table < arranged.Length; table++)
        {
            _rows[(exchange, table)] = arranged[table];
        }
    }

    void IExperienceChanges.Reduced(int exchange)
    {
    }

    void IExperienceChanges.DeltaChanged(int exchange, double delta)
    {
    }

    private static void Remove(List<ExperienceEntry> rows, int row)
    {
        rows[row] = rows[^1];
        rows.RemoveAt(rows.Count - 1);
    }

    private List<ExperienceEntry> Rows(int exchange, int table)
    {
        if (!_rows.TryGetValue((exchange, table), out List<ExperienceEntry>? rows))
        {
            _rows.Add((exchange, table), rows = []);
        }

        return rows;
    }
}
