namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Task completion times in seconds as clients see them; all 0 without jobs.</summary>
public record CompletionMetrics
{
    public double MeanTct { get; init; }

    public double P50 { get; init; }

    public double P90 { get; init; }

    public double P95 { get; init; }

    public double P99 { get; init; }

    /// <summary>Share of jobs rejected; each counts in the times with 40 s more.</summary>
    public double RejectShare { get; init; }

    /// <summary>Jobs that were done, not rejected, per second of traffic.</summary>
    public double Goodput { get; init; }

    /// <summary>The times of the jobs that were done alone; without any, null.</summary>
    public ServedTimes? Served { get; init; }

    /// <summary>The mean of each figure over repetitions; those without jobs count in the goodput alone.</summary>
    /// <param name="repetitions">At least one; null without jobs.</param>
    internal static CompletionMetrics Mean(IReadOnlyList<CompletionMetrics?> repetitions)
    {
        CompletionMetrics[] busy = [.. repetitions.OfType<CompletionMetrics>()];
        return busy.Length == 0 ? new CompletionMetrics() : new CompletionMetrics
        {
            Goodput = busy.Sum(r => r.Goodput) / repetitions.Count,
            Served = ServedTimes.Mean([.. busy.Select(r => r.Served).OfType<ServedTimes>()]),
            MeanTct = busy.Average(r => r.MeanTct),
            P50 = busy.Average(r => r.P50),
            P90 = busy.Average(r => r.P90),
            P95 = busy.Average(r => r.P95),
            P99 = busy.Average(r => r.P99),
            RejectShare = busy.Average(r => r.RejectShare),
        };
    }
}

/// <summary>Task completion times in seconds of jobs that were not rejected.</summary>
public sealed record ServedTimes(double MeanTct, double P50, double P90, double P95, double P99)
{
    /// <summary>The mean of each figure over repetitions; null without any.</summary>
    internal static ServedTimes? Mean(IReadOnlyList<ServedTimes> repetitions) => repetitions.Count == 0 ? null : new ServedTimes(
        repetitions.Average(r => r.MeanTct), repetitions.Average(r => r.P50), repetitions.Average(r => r.P90),
        repetitions.Average(r => r.P95), repetitions.Average(r => r.P99));

    /// <param name="sorted">In seconds, ascending.</param>
    internal static ServedTimes? Of(IReadOnlyList<double> sorted) => sorted.Count == 0 ? null : new ServedTimes(
        sorted.Average(), Statistics.Quantile(sorted, 0.5), Statistics.Quantile(sorted, 0.9), Statistics.Quantile(sorted, 0.95),
        Statistics.Quantile(sorted, 0.99));
}
