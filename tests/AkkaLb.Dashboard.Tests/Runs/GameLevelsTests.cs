using AkkaLb.Dashboard.Runs;
using AkkaLb.Runtime.Plots;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Dashboard.Tests.Runs;

[Collection(SampleRunsCollection.Name)]
public class GameLevelsTests(SampleRuns runs)
{
    /// <summary>At the end no server that got jobs is above the water level, and none is below it.</summary>
    [Fact]
    public void Levels_OfAStaticGame_EndAtTheWaterLevel()
    {
        RunFiles run = Open(SampleRuns.Static);
        LineChart chart = RunCharts.Levels(run).ShouldNotBeNull();
        chart.Series.Select(series => series.Label).ShouldBe(["highest", "lowest", "water level"]);
        double level = chart.Series[2].Points[^1].Y;
        chart.Series[2].Points.ShouldAllBe(point => point.Y == level);
        chart.Series[1].Points[^1].Y.ShouldBe(level, 1e-9);
        chart.Series[0].Points[0].Y.ShouldBeGreaterThanOrEqualTo(level);
        GameLevels.Distance(run).ShouldNotBeNull().Series[0].Points[^1].Y.ShouldBe(0, 1e-9);
        GameLevels.Distance(run)!.Series[0].Points[0].Y.ShouldBeGreaterThan(0.01);
    }

    /// <summary>The highest level is never below that of all load spread evenly, and all is worked off in the end.</summary>
    [Fact]
    public void Levels_OfADynamicGame_SinkTogether()
    {
        RunFiles run = Open(SampleRuns.Game);
        ChartSeries even = RunCharts.Levels(run).ShouldNotBeNull().Series[2];
        even.Points[0].Y.ShouldBeGreaterThan(0);
        even.Points[^1].Y.ShouldBeLessThan(even.Points[0].Y);
        GameLevels.Distance(run).ShouldNotBeNull().Series[0].Points.ShouldAllBe(point => point.Y >= -1e-9);
    }

    private RunFiles Open(string name)
    {
        RunFiles run = new(name, runs[name], TimeProvider.System);
        run.Refresh();
        run.Has(RunFolder.RoundsFile).ShouldBeTrue();
        return run;
    }
}
