using System.Text.Json;
using AkkaLb.Live.Load;
using AkkaLb.Live.Testbed;

namespace AkkaLb.Live.Tests.Testbed;

public class TestbedTableTests
{
    private static readonly LatencyFigures Figures = new(100, 1, 0.0605, 0.04, 0.1, 0.15, 0.3, 0.4, 0.5, [0.25, 0.75]);

    private static readonly TestbedSummary Summary = new(
        "testbed", "a", "finished", "sed-right", 3, 6, 0,
        new Dictionary<string, LatencyFigures> { ["sed-right"] = Figures },
        new Dictionary<string, LatencyFigures> { ["haproxy-leastconn"] = Figures },
        [
            new TestbedRow("sed-right", 0.7, 2, 3, Figures, 0.001, 0.002, null, null, Figures with { Mean = 0.055, P99 = 0.3 }, [],
                new Dictionary<string, LatencyFigures> { ["page"] = Figures }),
            new TestbedRow(
                "haproxy-leastconn", 0.7, 2, 3, Figures, 0.001, 0.002, new PairedRatio(1.1, 1.05, 1.151), new PairedRatio(1.2, null, null),
                null,
                [new EventFigures(20, "1 fail", 0.1, 0.2, 0.9, 3, 2)], new Dictionary<string, LatencyFigures>()),
        ]);

    [Fact]
    public void Markdown_Rows_HaveAsManyCellsAsTheHeader()
    {
        string text = TestbedTable.ToMarkdown(Summary);
        string[] table = text.Split('\n')[..4];
        table.ShouldAllBe(line => line.Count(c => c == '|') == TestbedTable.Header.Count + 1);
        table[2].ShouldBe("| sed-right | 70 % | 2 | 3 | 1 | 60.5 | 1.0 | 40.0 | 100.0 | 300.0 | 2.0 |  |  | 1.100 | 1.000 |");
        table[3].ShouldContain("| 1.100 [1.05, 1.15] | 1.200 |");
        text.ShouldContain("| sed-right | 70 % | 2 | page | 100 | 1 | 60.5 | 40.0 | 100.0 | 300.0 |");
        text.ShouldContain("| haproxy-leastconn | 70 % | 2 | 20 s | 1 fail | 100.0 | 200.0 | 900.0 | 3 | 2 |");
    }

    [Fact]
    public void Csv_Rows_HaveSharesAndEmptyFieldsForNothing()
    {
        string[] lines = TestbedTable.ToCsv(Summary).Split('\n');
        lines[0].ShouldEndWith("simulatedMean,simulatedP99,share0,share1");
        lines[1].ShouldEndWith(",,,,,,,0.055,0.3,0.25,0.75");
    }

    [Fact]
    public void Json_Names_AreThoseOfTheContract()
    {
        using JsonDocument document = JsonDocument.Parse(Summary.ToJson());
        document.RootElement.GetProperty("seeds").GetInt32().ShouldBe(3);
        JsonElement policy = document.RootElement.GetProperty("policies").GetProperty("sed-right");
        foreach (string name in (string[])["requests", "errors", "mean", "p50", "p90", "p95", "p99"])
        {
            policy.GetProperty(name).ValueKind.ShouldBe(JsonValueKind.Number);
        }
        policy.GetProperty("shares").GetArrayLength().ShouldBe(2);
        document.RootElement.GetProperty("peers").GetProperty("haproxy-leastconn").GetProperty("mean").GetDouble().ShouldBe(0.0605);
    }
}
