using AkkaLb.Domain.Randomness;

namespace AkkaLb.Learning.Memory;

/// <summary>
/// Keeps every unfamiliar case until the store is a quarter over its size, then one case of each of <c>size</c> clusters, the newest. Every
/// entry is searched; the nearest one within Δ represents a state.
/// </summary>
/// <param name="random">Moved to a substream of its own for each reduction.</param>
internal sealed class ClusteredRepresentatives(
    int dimensions, int outcomeWidth, DistanceMetric metric, int size, IClustering clustering, RandomStream random) : IRepresentatives
{
    private readonly ExperienceTable _table = new(dimensions, outcomeWidth, metric);
    private readonly int _capacity = size + Math.Max(1, size / 4);
    private long _reductions;

    public int Count => _table.Count;

    public IReadOnlyList<ExperienceTable> Tables => field ??= [_table];

    public bool RemembersFamiliar => false;

    internal ExperienceTable Table => _table;

    public bool Find(ReadOnlySpan<float> state, double delta, out Recollection found)
    {
        found = new Recollection(_table, _table.Keys.Nearest(state, MetricForm.Of(metric, delta), out _));
        return found.Row >= 0;
    }

    public void Remember(in ExperienceCase experience, double delta)
    {
        if (Count >= _capacity)
        {
            Reduce();
        }

        _table.Add(experience);
    }

    public void Expire(long oldestVersion) => _table.Expire(oldestVersion);

    public void NoteReduction() => _reductions++;

    public void Write(BinaryWriter writer)
    {
        writer.Write(_reductions);
        _table.Write(writer);
    }

    public void Read(BinaryReader reader)
    {
        _reductions = reader.ReadInt64();
        _table.Read(reader);
    }

    private void Reduce()
    {
        _table.Changes?.Reduced(_table.Exchange);
        random.MoveTo((ulong)_reductions++);
        int[] labels = clustering.Assign(_table.Keys, size, random, refine: true);
        long[] newest = new long[size];
        Array.Fill(newest, -1);
        for (int row = 0; row < labels.Length; row++)
        {
            newest[labels[row]] = Math.Max(newest[labels[row]], _table[row].Born);
        }

        for (int row = labels.Length - 1; row >= 0; row--)
        {
            // Removal moves only rows that were decided on already.
            if (_table[row].Born != newest[labels[row]])
            {
                _table.RemoveAt(row);
            }
        }
    }
}
