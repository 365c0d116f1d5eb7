using HdrHistogram;

namespace AkkaLb.Live;

/// <summary>Percentiles by the nearest rank: the least value that so many of a hundred are not above.</summary>
internal static class NearestRank
{
    /// <remarks>The library rounds to the nearer of two ranks, which a smaller share than that of the percentile may be at or below.</remarks>
    /// <param name="histogram">Not empty.</param>
    /// <param name="percentile">0 to 100.</param>
    public static long Percentile(this HistogramBase histogram, double percentile) =>
        histogram.GetValueAtPercentile(100 * (double)(Math.Ceiling((decimal)percentile * histogram.TotalCount / 100) / histogram.TotalCount));
}
