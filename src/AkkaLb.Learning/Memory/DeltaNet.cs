using System.Diagnostics.CodeAnalysis;

namespace AkkaLb.Learning.Memory;

/// <summary>
/// A Δ-net (paper section 4.2.3): permanent representatives, at least 2Δ apart, so that no state is within Δ of two of them, and temporary
/// ones for the gaps between their balls. What exactly holds is listed in docs/experience-memory.md and tested.
/// </summary>
internal sealed class DeltaNet : IRepresentatives
{
    private readonly ExperienceTable _permanent, _temporary;
    private readonly DistanceMetric _metric;
    private readonly int _size, _dimensions;
    private double _delta;

    /// <param name="size">Entries at most, permanent and temporary together; at least 1.</param>
    public DeltaNet(int dimensions, int outcomeWidth, DistanceMetric metric, int size)
    {
        _permanent = new ExperienceTable(dimensions, outcomeWidth, metric);
        _temporary = new ExperienceTable(dimensions, outcomeWidth, metric);
        (_metric, _size, _dimensions) = (metric, size, dimensions);
    }

    public int Count => _permanent.Count + _temporary.Count;

    public IReadOnlyList<ExperienceTable> Tables => field ??= [_permanent, _temporary];

    public bool RemembersFamiliar => false;

    internal ExperienceTable Permanent => _permanent;

    internal ExperienceTable Temporary => _temporary;

    /// <summary>The permanent within Δ; a nearer temporary only if its action is the same. Else the nearest temporary within Δ.</summary>
    public bool Find(ReadOnlySpan<float> state, double delta, out Recollection found)
    {
        float limit = MetricForm.Of(_metric, delta);
        int permanent = _permanent.Keys.Nearest(state, limit, out float distance);
        int temporary = _temporary.Keys.Nearest(state, distance, out _);
        if (permanent >= 0 && (temporary < 0 || _temporary[temporary].Action != _permanent[permanent].Action))
        {
            found = new Recollection(_permanent, permanent);
            return true;
        }

        found = new Recollection(_temporary, temporary);
        return temporary >= 0;
    }

    public void Remember(in ExperienceCase experience, double delta)
    {
        if (delta > _delta && Count > 0)
        {
            long now = experience.Now;
            ExperienceChanges.Rearrange(Tables, () => Widen(delta, now));
        }

        if (delta != _delta)
        {
            _permanent.Changes?.DeltaChanged(_permanent.Exchange, delta);
            _delta = delta;
        }

        if (!Place(experience.State, delta, out ExperienceTable? table))
        {
            return;
        }

        if (Count >= _size)
        {
            // Temporaries go first: without them the permanents still cover their balls.
            ExperienceTable from = _temporary.Count > 0 ? _temporary : _permanent;
            from.RemoveAt(from.LeastUseful(experience.Now));
        }

        table.Add(experience);
    }

    public void Expire(long oldestVersion)
    {
        _permanent.Expire(oldestVersion);
        _temporary.Expire(oldestVersion);
    }

    public void NoteDelta(double delta) => _delta = delta;

    public void Write(BinaryWriter writer)
    {
        writer.Write(_delta);
        _permanent.Write(writer);
        _temporary.Write(writer);
    }

    public void Read(BinaryReader reader)
    {
        _delta = reader.ReadDouble();
        _permanent.Read(reader);
        _temporary.Read(reader);
    }

    /// <summary>Decides where a state belongs and makes room there; false when it is represented already.</summary>
    private bool Place(ReadOnlySpan<float> state, double delta, [NotNullWhen(true)] out ExperienceTable? table)
    {
        float radius = MetricForm.Of(_metric, delta), separation = MetricForm.Of(_metric, MetricForm.Separation(_metric, delta));
        bool between = _permanent.Keys.Nearest(state, separation, out float distance) >= 0;
        table = null;
        if (between && distance < radius)
        {
            return false;
        }

        int near = _temporary.Keys.Nearest(state, radius, out _);
        if (between && near >= 0)
        {
            // The one that lies further out stays or takes over, until a state 2Δ away becomes permanent.
            if (ToPermanent(near, separation) >= distance)
            {
                return false;
            }

            _temporary.RemoveAt(near);
        }

        for (; !between && near >= 0; near = _temporary.Keys.Nearest(state, radius, out _))
        {
            _temporary.RemoveAt(near);
        }

        table = between ? _temporary : _permanent;
        return true;
    }

    /// <summary>A temporary's distance to the nearest permanent; the separation when that is as far or farther.</summary>
    private float ToPermanent(int temporary, float separation)
    {
        Span<float> state = stackalloc float[_dimensions];
        _temporary.Keys.Read(temporary, state);
        _permanent.Keys.Nearest(state, separation, out float distance);
        return distance;
    }

    /// <summary>Restores the distances between permanents after Δ has grown: all entries are placed anew, the most used first.</summary>
    private void Widen(double delta, long now)
    {
        List<(float[] State, float[] Outcome, ExperienceFacts Facts)> entries = [];
        foreach (ExperienceTable table in new[] { _permanent, _temporary })
        {
            for (int row = 0; row < table.Count; row++)
            {
                float[] state = new float[_dimensions];
                table.Keys.Read(row, state);
                entries.Add((state, table.Outcome(row).ToArray(), table[row]));
            }

            table.Clear();
        }

        foreach ((float[] state, float[] outcome, ExperienceFacts facts) in entries.OrderByDescending(entry => entry.Facts.UseRate(now)))
        {
            if (Place(state, delta, out ExperienceTable? table))
            {
                table.AddStored(state, outcome, facts);
            }
        }
    }
}
