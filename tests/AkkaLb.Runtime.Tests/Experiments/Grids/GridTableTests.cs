using AkkaLb.Runtime.Experiments.Grids;

namespace AkkaLb.Runtime.Tests.Experiments.Grids;

public class GridTableTests
{
    private static readonly GridSummary Summary = new()
    {
        Name = "g",
        Family = "network",
        Status = "stopped",
        Runs = 4,
        Finished = 2,
        Rows =
        [
            new GridRow("a x=1", "a", new Dictionary<string, string> { ["network.x"] = "1" }, [1, 2], 2, new Dictionary<string, Estimate>
            {
                ["phiLast2000"] = Estimate.Of([0.25, 0.75]),
                ["exchanges"] = Estimate.Of([0.25, 0.35]),
                ["ecmp"] = Estimate.Of([0.0331, 0.0331]),
            }),
            new GridRow("b", "b", new Dictionary<string, string>(), [], 2, new Dictionary<string, Estimate>()),
        ],
    };

    [Fact]
    public void Markdown_FinishedAndPlannedCells_ShowsMeanAndDeviation()
    {
        string[] lines = GridTable.Of(Summary).ToMarkdown().Split('\n');
        lines[0].ShouldStartWith("| cell | seeds | Φ, last 2,000 |");
        lines[2].ShouldBe("| a x=1 | 2 | 0.50000 ± 0.35355 | – | – | 30.00 ± 7.07 | – | – | – |");
        lines[3].ShouldStartWith("| b | 0 of 2 | – |");
        lines.ShouldContain("ECMP on the DAG routing: Φ 0.03310");
        lines.ShouldContain(l => l.StartsWith("2 of 4 runs have finished", StringComparison.Ordinal));
    }

    [Fact]
    public void Csv_Cells_HasAColumnForEverySettingAndMetric()
    {
        string[] lines = GridTable.ToCsv(Summary).Split('\n');
        lines[0].ShouldBe("cell,variant,network.x,seeds,planned,phiLast2000,phiLast2000Sd,exchanges,exchangesSd,ecmp,ecmpSd");
        lines[1].ShouldStartWith("a x=1,a,1,2,2,0.5,0.35355339059327");
        lines[2].ShouldBe("b,b,,0,2,,,,,,");
    }
}
