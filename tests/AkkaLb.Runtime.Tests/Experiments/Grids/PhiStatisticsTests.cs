using AkkaLb.Runtime.Experiments.Grids;

namespace AkkaLb.Runtime.Tests.Experiments.Grids;

public class PhiStatisticsTests
{
    [Fact]
    public void LastMean_MoreThanThereAre_IsOfAll() => PhiStatistics.LastMean([4, 1, 3, 2], 9).ShouldBe(2.5);

    [Fact]
    public void LastMean_Fewer_IsOfTheLast() => PhiStatistics.LastMean([4, 1, 3, 2], 2).ShouldBe(2.5);

    [Fact]
    public void LowestAverage_HandComputed_IsTheLowestWindowWithItsLastEpisode()
    {
        // Means of three: 8/3, 5/3, 2, 3.
        (double mean, int episode) = PhiStatistics.LowestAverage([4, 3, 1, 1, 4, 4], 3);
        mean.ShouldBe(5 / 3.0, 1e-12);
        episode.ShouldBe(3);
    }

    [Fact]
    public void LowestAverage_FewerEpisodesThanTheWindow_IsTheMean() => PhiStatistics.LowestAverage([4, 1], 2000).ShouldBe((2.5, 1));

    [Fact]
    public void Estimate_ThreeSeeds_HasTheSampleDeviation() => Estimate.Of([1, 2, 6]).ShouldBe(new Estimate(3, Math.Sqrt(7), 1, 6));

    [Fact]
    public void Estimate_OneSeed_HasNoDeviation() => Estimate.Of([2]).ShouldBe(new Estimate(2, null, 2, 2));
}
