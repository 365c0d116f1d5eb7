using HdrHistogram;

namespace AkkaLb.Live;

/// <summary>Percentiles by the nearest rank: the least value that so many of a hundred are not above.</summary>
internal static class NearestRank
{
    /// <remarks>The library rounds to the nearer of two ranks, which fewer than so many of a hundred may not be above.</remarks>
    /// <param name="histogram">Not empty.</param>
    /// <param name="percentile">0 to 100.</param>
    public static long Percentile(this HistogramBase histogram, double percentile)
    {
        decimal rank = Math.Ceiling((decimal)percentile * histogram.TotalCount / 100);
        return histogram.GetValueAtPercentile((double)(100 * rank / histogram.TotalCount));
    }
}
