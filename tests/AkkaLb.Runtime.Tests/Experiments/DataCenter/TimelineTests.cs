using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Runtime.Experiments.DataCenter;

namespace AkkaLb.Runtime.Tests.Experiments.DataCenter;

public class TimelineTests
{
    // 240 s in 24 windows of 10 s; something happens at 120 s.
    private static readonly DataCenterModel Model = new()
    {
        Servers = [new ServerOptions(1)],
        Weights = [1],
        LoadBalancers = 1,
        Traffic = new TrafficOptions { Classes = [new("job", 1, 1, default, default)], Rate = 1, Duration = 240 * Ticks.PerSecond },
        Changes = [new CapacityChange(120 * Ticks.PerSecond, new ServerId(0), CapacityChangeKind.Speed, 0.5)],
    };

    [Fact]
    public void Changes_LevelThatRisesAndFallsAgain_SettlesWhenItStaysNearTheLast()
    {
        // 1 s before; 5, 4, 3 s in the first three windows after; 2 s from then on.
        ChangeMetrics change = Follow(window => window < 12 ? 1 : Math.Max(2, 17 - window)).Changes().ShouldHaveSingleItem();
        change.ShouldBe(new ChangeMetrics { Seconds = 120, What = "server 0 speed 0.5", Before = 1, After = 2, SettlingSeconds = 40 });
    }

    /// <summary>The window that the change falls into counts with neither: the first whole one is the first that can be settled.</summary>
    [Fact]
    public void Changes_WithinAWindow_SettleAtTheEndOfAWholeOne() => Follow(
        _ => 1, Model with { Changes = [Model.Changes[0] with { Time = 121 * Ticks.PerSecond }] })
        .Changes().ShouldHaveSingleItem().SettlingSeconds.ShouldBe(19);

    [Fact]
    public void Changes_LevelThatGrows_NeverSettles() =>
        Follow(window => window).Changes().ShouldHaveSingleItem().SettlingSeconds.ShouldBeNull();

    [Fact]
    public void Changes_NoJobs_HasNoLevels()
    {
        ChangeMetrics change = new Timeline(Model).Changes().ShouldHaveSingleItem();
        (change.Before, change.After, change.SettlingSeconds).ShouldBe((null, null, null));
    }

    [Fact]
    public void Windows_JobsAndSamples_AreAveraged()
    {
        Timeline timeline = Follow(window => window);
        timeline.MeanTct(7).ShouldBe(7);
        timeline.Middle(7).ShouldBe(75);
        timeline.Jain(7).ShouldBe(0.5);
        new Timeline(Model).Jain(7).ShouldBeNull();
    }

    private static Timeline Follow(Func<int, double> seconds, DataCenterModel? model = null)
    {
        Timeline timeline = new(model ?? Model);
        timeline.Add(new SimulationResult(
            [.. Enumerable.Range(0, 240).Select(s => new JobRecord(s * Ticks.PerSecond, Ticks.FromSeconds(seconds(s / 10)), 0, 0, false))],
            240, 0, 0, [new LoadSample(75 * Ticks.PerSecond, [0, 0], [1, 0], [0, 0], [0, 0])]));
        return timeline;
    }
}
