namespace AkkaLb.Learning.Memory;

/// <summary>
/// Steers Δ to a target: a share of exchanges, or a loss of Φ against probes, episodes that are played without memory. A plain value;
/// told of every episode in order, it gives the factor on Δ for the next one.
/// </summary>
/// <param name="Factor">What Δ is multiplied by, 2⁻¹⁰ … 2¹⁰.</param>
/// <param name="Episodes">Episodes since the last change.</param>
/// <param name="Sent">Exchanges made in them, probes not counted.</param>
/// <param name="Possible">Exchanges that were possible in them.</param>
/// <param name="WithMemory">Running mean of Φ of episodes with memory; NaN before the first.</param>
/// <param name="Probes">Running mean of Φ of probes; NaN before the first.</param>
public readonly record struct AdaptiveThreshold(
    double Factor, int Episodes, long Sent, long Possible, double WithMemory, double Probes)
{
    private const double Bound = 1024;

    /// <summary>A running mean takes in this part of a new value.</summary>
    private const double Memory = 0.1;

    public static AdaptiveThreshold Start { get; } = new(1, 0, 0, 0, double.NaN, double.NaN);

    /// <summary>Whether an episode is played without memory.</summary>
    public static bool IsProbe(ExperienceOptions options, long episode) =>
        options.Target == ThresholdTarget.Loss && episode % options.ProbeEvery == 0;

    /// <summary>The state after an episode.</summary>
    /// <param name="phi">Φ at its end.</param>
    /// <param name="sent">Exchanges made.</param>
    public AdaptiveThreshold Observe(ExperienceOptions options, long episode, double phi, long sent, long possible)
    {
        if (options.Target == ThresholdTarget.None)
        {
            return this;
        }

        bool probe = IsProbe(options, episode);
        AdaptiveThreshold next = probe
            ? this with { Episodes = Episodes + 1, Probes = Mean(Probes, phi) }
            : this with { Episodes = Episodes + 1, WithMemory = Mean(WithMemory, phi), Sent = Sent + sent, Possible = Possible + possible };
        if (next.Episodes < options.AdaptEvery)
        {
            return next;
        }

        // Too many exchanges, or less loss than is allowed: a larger Δ.
        double error = options.Target == ThresholdTarget.Share
            ? (double)next.Sent / Math.Max(1, next.Possible) / options.TargetValue - 1
            : 1 - (next.WithMemory / next.Probes - 1) / options.TargetValue;
        double change = double.IsNaN(error) ? 0 : options.AdaptRate * Math.Clamp(error, -1, 1);
        return next with { Factor = Math.Clamp(Factor * Math.Exp(change), 1 / Bound, Bound), Episodes = 0, Sent = 0, Possible = 0 };
    }

    private static double Mean(double mean, double value) => double.IsNaN(mean) ? value : mean + Memory * (value - mean);

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Factor);
        writer.Write(Episodes);
        writer.Write(Sent);
        writer.Write(Possible);
        writer.Write(WithMemory);
        writer.Write(Probes);
    }

    internal static AdaptiveThreshold Read(BinaryReader reader) => new(
        reader.ReadDouble(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble());
}
