using AkkaLb.Runtime.Experiments.DataCenter;

namespace AkkaLb.Live.Testbed;

/// <summary>How many times another's figure, seed by seed: the geometric mean, and the 95 % confidence interval of it.</summary>
/// <param name="Low">Null of fewer than three seeds, as <paramref name="High"/>.</param>
public sealed record PairedRatio(double Ratio, double? Low, double? High)
{
    /// <summary>Below 1 with confidence.</summary>
    public bool IsBelow => High < 1;

    /// <summary>Above 1 with confidence.</summary>
    public bool IsAbove => Low > 1;

    /// <param name="pairs">Own and other figure of each seed; what is not positive, or null, has no ratio.</param>
    /// <returns>Null of none.</returns>
    public static PairedRatio? Of(IEnumerable<(double? Own, double? Other)> pairs)
    {
        double[] logarithms = [.. pairs.Where(p => p is { Own: > 0, Other: > 0 }).Select(p => Math.Log(p.Own!.Value / p.Other!.Value))];
        if (logarithms.Length == 0)
        {
            return null;
        }
        double mean = logarithms.Average();
        double? half = Statistics.HalfInterval(logarithms);
        return new PairedRatio(Math.Exp(mean), half is { } h ? Math.Exp(mean - h) : null, half is { } g ? Math.Exp(mean + g) : null);
    }
}
