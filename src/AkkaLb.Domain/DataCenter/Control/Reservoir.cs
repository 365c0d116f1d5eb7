using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.Control;

/// <summary>
/// A buffer of K timed samples. Each new sample takes a uniformly random slot, so that older samples fade out exponentially. Empty slots
/// do not count in any statistic (the published code counts them as zeros).
/// </summary>
internal sealed class Reservoir
{
    private readonly float[] _values, _sorted;
    private readonly long[] _times;

    /// <param name="slots">K, at least 1.</param>
    public Reservoir(int slots)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        _values = new float[slots];
        _sorted = new float[slots];
        _times = new long[slots];
    }

    /// <summary>Slots that hold a sample.</summary>
    public int Count { get; private set; }

    /// <param name="now">Ticks.</param>
    /// <param name="value">Seconds.</param>
    public void Add(long now, float value, RandomStream random)
    {
        // A slot drawn among all is empty or filled with the same odds as here, where the filled ones stand first.
        int slot = random.NextInt32(_values.Length);
        if (slot >= Count)
        {
            slot = Count++;
        }
        _values[slot] = value;
        _times[slot] = now;
    }

    /// <summary>Writes the five statistics of <see cref="SampleStatistic"/>; zeros without samples.</summary>
    /// <param name="logDecay">Natural logarithm of the decay per second.</param>
    public void Describe(long now, double logDecay, Span<float> statistics)
    {
        if (Count == 0)
        {
            statistics.Clear();
            return;
        }
        (double sum, double decayed, double weights) = (0, 0, 0);
        for (int k = 0; k < Count; k++)
        {
            double weight = Math.Exp(logDecay * Ticks.ToSeconds(now - _times[k]));
            sum += _values[k];
            decayed += weight * _values[k];
            weights += weight;
        }
        double mean = sum / Count, squares = 0;
        for (int k = 0; k < Count; k++)
        {
            squares += (_values[k] - mean) * (_values[k] - mean);
        }
        statistics[(int)SampleStatistic.Average] = (float)mean;
        statistics[(int)SampleStatistic.Percentile90] = Percentile90();
        statistics[(int)SampleStatistic.Deviation] = (float)Math.Sqrt(squares / Count);
        statistics[(int)SampleStatistic.DecayedAverage] = (float)(decayed / Count);
        statistics[(int)SampleStatistic.WeightedAverage] = weights > 0 ? (float)(decayed / weights) : 0;
    }

    /// <summary>The 90th percentile with linear interpolation between order statistics.</summary>
    private float Percentile90()
    {
        Span<float> sorted = _sorted.AsSpan(0, Count);
        _values.AsSpan(0, Count).CopyTo(sorted);
        sorted.Sort();
        double rank = 0.9 * (Count - 1);
        int below = (int)rank;
        float low = sorted[below];
        return below + 1 < Count ? low + (float)(rank - below) * (sorted[below + 1] - low) : low;
    }
}
