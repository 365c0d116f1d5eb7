namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>The published figures of a learning curve: Φ after the last horizon, by episode.</summary>
internal static class PhiStatistics
{
    /// <summary>Mean of the last <paramref name="count"/> episodes; of all, when there are fewer.</summary>
    public static double LastMean(IReadOnlyList<double> phi, int count)
    {
        int first = Math.Max(0, phi.Count - count);
        double sum = 0;
        for (int i = first; i < phi.Count; i++)
        {
            sum += phi[i];
        }
        return sum / (phi.Count - first);
    }

    /// <summary>
    /// The lowest mean of <paramref name="window"/> episodes in a row (of all, when there are fewer), and the last episode of it.
    /// </summary>
    public static (double Mean, int Episode) LowestAverage(IReadOnlyList<double> phi, int window)
    {
        window = Math.Min(window, phi.Count);
        double sum = 0;
        for (int i = 0; i < window; i++)
        {
            sum += phi[i];
        }
        (double lowest, int at) = (sum, window - 1);
        for (int i = window; i < phi.Count; i++)
        {
            sum += phi[i] - phi[i - window];
            if (sum < lowest)
            {
                (lowest, at) = (sum, i);
            }
        }
        return (lowest / window, at);
    }
}
