using AkkaLb.Live.Load;

namespace AkkaLb.Live.Tests.Load;

public sealed class LatencyFiguresTests
{
    /// <summary>At least so many of a hundred are at or below: rank 10 of 11 for 90 %, not the nearer 9.9.</summary>
    [Theory]
    [InlineData(10, 5, 9, 10, 10)]
    [InlineData(11, 6, 10, 11, 11)]
    [InlineData(104, 52, 94, 99, 103)]
    [InlineData(1000, 500, 900, 950, 990)]
    public void Of_Percentiles_AreOfTheNearestRank(int requests, int p50, int p90, int p95, int p99)
    {
        LatencyFigures figures = LatencyFigures.Of(
            Enumerable.Range(1, requests).Select(number => new RequestOutcome(0, number * 1_000_000L, 200, -1)));

        new[] { figures.P50, figures.P90, figures.P95, figures.P99 }.Select(seconds => Math.Round(seconds!.Value * 1000))
            .ShouldBe([p50, p90, p95, p99]);
    }
}
