using HdrHistogram;

namespace AkkaLb.Live.Load;

/// <summary>
/// Latencies of requests in seconds, from when they were due; of those that succeeded, null when none did. Names are a contract.
/// </summary>
/// <param name="Requests">All that count.</param>
/// <param name="Errors">Without a successful answer: refused, failed, broken, timed out.</param>
/// <param name="Shares">Of the successful ones, by the server's position; empty when no server says which it is.</param>
public sealed record LatencyFigures(
    long Requests, long Errors, double? Mean, double? P50, double? P90, double? P95, double? P99, double? P999, double? Max,
    IReadOnlyList<double> Shares)
{
    // Microseconds: an hour and three digits.
    private const long Longest = 3_600_000_000;
    private const int Digits = 3;

    /// <param name="outcomes">Those that count.</param>
    public static LatencyFigures Of(IEnumerable<RequestOutcome> outcomes)
    {
        LongHistogram histogram = new(Longest, Digits);
        List<long> served = [];
        long requests = 0, successes = 0;
        double sum = 0;
        foreach (RequestOutcome outcome in outcomes)
        {
            requests++;
            if (!outcome.IsSuccess)
            {
                continue;
            }
            successes++;
            sum += outcome.Latency / 1e9;
            Record(histogram, outcome);
            if (outcome.Server >= 0)
            {
                while (served.Count <= outcome.Server)
                {
                    served.Add(0);
                }
                served[outcome.Server]++;
            }
        }
        double? At(double percentile) => successes == 0 ? null : histogram.Percentile(percentile) / 1e6;
        long known = Math.Max(1, served.Sum());
        return new LatencyFigures(
            requests, requests - successes, successes == 0 ? null : sum / successes, At(50), At(90), At(95), At(99), At(99.9), At(100),
            [.. served.Select(s => s / (double)known)]);
    }

    /// <summary>A histogram in microseconds of the successful ones.</summary>
    public static LongHistogram Histogram(IEnumerable<RequestOutcome> outcomes)
    {
        LongHistogram histogram = new(Longest, Digits);
        foreach (RequestOutcome outcome in outcomes.Where(o => o.IsSuccess))
        {
            Record(histogram, outcome);
        }
        return histogram;
    }

    private static void Record(LongHistogram histogram, RequestOutcome outcome) =>
        histogram.RecordValue(Math.Clamp(outcome.Latency / 1000, 0, Longest));
}
