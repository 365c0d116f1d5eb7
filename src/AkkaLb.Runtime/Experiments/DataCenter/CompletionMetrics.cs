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

    /// <summary>The mean of each figure over repetitions.</summary>
    internal static CompletionMetrics Mean(IReadOnlyList<CompletionMetrics> repetitions) => new()
    {
        MeanTct = repetitions.Average(r => r.MeanTct),
        P50 = repetitions.Average(r => r.P50),
        P90 = repetitions.Average(r => r.P90),
        P95 = repetitions.Average(r => r.P95),
        P99 = repetitions.Average(r => r.P99),
        RejectShare = repetitions.Average(r => r.RejectShare),
    };
}
