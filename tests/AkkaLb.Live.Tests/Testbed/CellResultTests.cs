using AkkaLb.Live.Load;
using AkkaLb.Live.Testbed;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Live.Tests.Testbed;

public class CellResultTests
{
    /// <summary>It is made again, as one whose report is gone or broken is.</summary>
    [Theory]
    [InlineData("report.json")]
    [InlineData("requests.csv")]
    public void Read_FileOfTheRunIsMissing_IsNoRun(string file)
    {
        using TemporaryFolder root = new();
        RunFolder folder = RunFolder.Create(root["run"], root.FullPath, "test");
        TestbedCell cell = new(Contender.Parse("sed")!, 0.8, 1, 1);
        TestbedOptions options = TestbedReaderTests.Options();
        PlannedRequest[] plan = [new(1_000_000_000, 0, 0, 0)];
        RequestOutcome[] outcomes = [new(0, 1, 200, 0)];
        LoadReport report = LoadReport.Of(options.Load, plan, outcomes, null, interrupted: false);
        CellResult.Write(folder, cell, new LoadRun(plan, outcomes, TimeSpan.Zero, report), 1);
        CellResult.Read(folder, cell).ShouldNotBeNull().ReadRequests(folder).Count.ShouldBe(1);

        File.Delete(folder[$"cells/{cell.Name}/{file}"]);
        CellResult.Read(folder, cell).ShouldBeNull();
    }
}
