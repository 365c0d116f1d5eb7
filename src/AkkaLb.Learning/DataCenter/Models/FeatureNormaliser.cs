namespace AkkaLb.Learning.DataCenter.Models;

/// <summary>
/// Running mean and population deviation of every feature over the training episodes, in double (Chan, Golub and LeVeque's rule for joining
/// two samples). They change between episodes only; evaluation does not change them.
/// </summary>
internal sealed class FeatureNormaliser
{
    /// <summary>Normalised features are held within ±this.</summary>
    public const float Limit = 5;

    private const double LeastDeviation = 1e-3;

    private readonly bool _enabled;
    private readonly float[] _shift, _scale;

    public FeatureNormaliser(int features, bool enabled)
    {
        _enabled = enabled;
        Mean = new double[features];
        Squares = new double[features];
        _shift = new float[features];
        _scale = new float[features];
        Update();
    }

    /// <summary>Observations so far.</summary>
    public long Count { get; private set; }

    public double[] Mean { get; }

    /// <summary>Sum of the squared differences from the mean, per feature.</summary>
    public double[] Squares { get; }

    /// <summary>What is subtracted from each feature.</summary>
    public ReadOnlySpan<float> Shift => _shift;

    /// <summary>What the difference is multiplied with.</summary>
    public ReadOnlySpan<float> Scale => _scale;

    /// <summary>Takes in an episode's observations, [observations, features].</summary>
    public void Add(ReadOnlySpan<float> episode)
    {
        int features = Mean.Length;
        long own = episode.Length / features, total = Count + own;
        for (int f = 0; f < features; f++)
        {
            double mean = 0, squares = 0;
            for (int i = f; i < episode.Length; i += features)
            {
                mean += episode[i];
            }

            mean /= own;
            for (int i = f; i < episode.Length; i += features)
            {
                squares += (episode[i] - mean) * (episode[i] - mean);
            }

            double apart = mean - Mean[f];
            Mean[f] += apart * own / total;
            Squares[f] += squares + apart * apart * Count * own / total;
        }

        Count = total;
        Update();
    }

    /// <summary>Takes over saved sums.</summary>
    public void Restore(long count, ReadOnlySpan<double> mean, ReadOnlySpan<double> squares)
    {
        Count = count;
        mean.CopyTo(Mean);
        squares.CopyTo(Squares);
        Update();
    }

    public void Normalise(ReadOnlySpan<float> raw, Span<float> target)
    {
        if (!_enabled)
        {
            raw.CopyTo(target);
            return;
        }

        for (int f = 0; f < raw.Length; f++)
        {
            target[f] = Math.Clamp((raw[f] - _shift[f]) * _scale[f], -Limit, Limit);
        }
    }

    private void Update()
    {
        for (int f = 0; f < Mean.Length; f++)
        {
            _shift[f] = (float)Mean[f];
            _scale[f] = Count == 0 ? 1 : (float)(1 / Math.Max(Math.Sqrt(Squares[f] / Count), LeastDeviation));
        }
    }
}
