using AkkaLb.Domain.Randomness;

namespace AkkaLb.Learning.Memory;

/// <summary>
/// The published code's store (specification section 5.2): a main part that alone is searched, and a side buffer. Every case of a horizon
/// in which the team exchanged is appended, to the main part while it has room, then to the side; a full side starts a defragmentation,
/// which puts one case of each of <c>size</c> clusters, the newest, and random others up to <c>size</c>, into the main part. Nothing
/// expires.
/// </summary>
/// <param name="random">Moved to a substream of its own for each defragmentation.</param>
internal sealed class PublishedRepresentatives(
    int dimensions, int outcomeWidth, DistanceMetric metric, int size, IClustering clustering, RandomStream random) : IRepresentatives
{
    private const int LeastSide = 32;

    private readonly ExperienceTable _main = new(dimensions, outcomeWidth, metric), _side = new(dimensions, outcomeWidth, metric);
    private readonly int _sideSize = Math.Max(1, size / 4 < LeastSide ? 2 * (size / 4) : size / 4);
    private long _reductions;

    public int Count => _main.Count + _side.Count;

    public IReadOnlyList<ExperienceTable> Tables => field ??= [_main, _side];

    public bool RemembersFamiliar => true;

    public bool Find(ReadOnlySpan<float> state, double delta, out Recollection found)
    {
        found = new Recollection(_main, _main.Keys.Nearest(state, MetricForm.Of(metric, delta), out _));
        return found.Row >= 0;
    }

    public void Remember(in ExperienceCase experience, double delta)
    {
        if (_main.Count < size)
        {
            _main.Add(experience);
            return;
        }

        if (_side.Count == _sideSize)
        {
            ExperienceChanges.Rearrange(Tables, Defragment);
            _main.Changes?.Reduced(_main.Exchange);
        }

        _side.Add(experience);
    }

    public void Expire(long oldestVersion)
    {
    }

    public void NoteReduction() => _reductions++;

    public void Write(BinaryWriter writer)
    {
        writer.Write(_reductions);
        _main.Write(writer);
        _side.Write(writer);
    }

    public void Read(BinaryReader reader)
    {
        _reductions = reader.ReadInt64();
        _main.Read(reader);
        _side.Read(reader);
    }

    private void Defragment()
    {
        random.MoveTo((ulong)_reductions);
        float[] key = new float[dimensions];
        for (int row = 0; row < _side.Count; row++)
        {
            _side.Keys.Read(row, key);
            _main.AddStored(key, _side.Outcome(row), _side[row]);
        }

        _side.Clear();
        int count = _main.Count;
        int[] labels = clustering.Assign(_main.Keys, size, random, refine: _reductions == 0);
        int[] newest = new int[size];
        Array.Fill(newest, -1);
        for (int row = 0; row < count; row++)
        {
            int best = newest[labels[row]];
            newest[labels[row]] = best < 0 || _main[row].Born > _main[best].Born ? row : best;
        }

        bool[] kept = new bool[count];
        foreach (int row in newest)
        {
            if (row >= 0)
            {
                kept[row] = true;
            }
        }

        int[] others = [.. Enumerable.Range(0, count).Where(row => !kept[row])];
        random.Shuffle(others.AsSpan());
        foreach (int row in others.AsSpan(0, size - kept.Count(keep => keep)))
        {
            kept[row] = true;
        }

        for (int row = count - 1; row >= 0; row--)
        {
            if (!kept[row])
            {
                _main.RemoveAt(row);
            }
        }

        _reductions++;
    }
}
