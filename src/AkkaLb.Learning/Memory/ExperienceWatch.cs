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
/// <param name="State">The state before the exchange, as the store keeps it for its metric.</param>
/// <param name="Outcome">The states after it, h of l + 1 … K.</param>
public sealed record ExperienceEntry(ExperienceKey Key, int Action, long Version, ImmutableArray<float> State, ImmutableArray<float> Outcome);

/// <summary>What changed in a memory.</summary>
/// <param name="Added">Entries that are there now and were not before, by key.</param>
/// <param name="Removed">Entries that are gone: given up for room, merged into others, or too old.</param>
public sealed record ExperienceChange(ImmutableArray<ExperienceEntry> Added, ImmutableArray<ExperienceKey> Removed)
{
    public bool IsEmpty => Added.Length == 0 && Removed.Length == 0;
}

/// <summary>Finds what changed in an agent's memory since it was last looked at. On the agent's thread.</summary>
public sealed class ExperienceWatch
{
    private readonly AgentExperience _memory;
    private HashSet<ExperienceKey> _known;
    private HashSet<ExperienceKey> _seen = [];

    /// <summary>Begins with the memory as it is, or as if it were empty: then the first change is all that is in it.</summary>
    public ExperienceWatch(AgentExperience memory, bool fromEmpty = false)
    {
        _memory = memory;
        _known = [];
        if (!fromEmpty)
        {
            Take();
        }
    }

    /// <summary>What changed since the last call.</summary>
    public ExperienceChange Take()
    {
        _seen.Clear();
        ImmutableArray<ExperienceEntry>.Builder added = ImmutableArray.CreateBuilder<ExperienceEntry>();
        for (int exchange = 0; exchange < _memory.Stores.Count; exchange++)
        {
            foreach (ExperienceTable table in _memory.Stores[exchange].Tables)
            {
                for (int row = 0; row < table.Count; row++)
                {
                    ExperienceFacts facts = table[row];
                    ExperienceKey key = new(exchange, facts.Born);
                    _seen.Add(key);
                    if (!_known.Contains(key))
                    {
                        float[] state = new float[table.Keys.Dimensions];
                        table.Keys.Read(row, state);
                        added.Add(new ExperienceEntry(key, facts.Action, facts.Version, [.. state], [.. table.Outcome(row)]));
                    }
                }
            }
        }

        ImmutableArray<ExperienceKey> removed = [.. _known.Where(key => !_seen.Contains(key)).Order()];
        added.Sort((a, b) => a.Key.CompareTo(b.Key));
        (_known, _seen) = (_seen, _known);
        return new ExperienceChange(added.DrainToImmutable(), removed);
    }
}
