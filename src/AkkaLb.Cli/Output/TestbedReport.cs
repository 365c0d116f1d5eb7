using AkkaLb.Live.Testbed;
using AkkaLb.Runtime.Runs;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>The tables of a comparison of load balancers for people.</summary>
internal static class TestbedReport
{
    private static readonly (string Name, string Content)[] Files =
    [
        ("table.md", "the table above"),
        ("table.csv", "the same with all digits and the servers' shares"),
        (RunFolder.SummaryFile, "the same as JSON"),
        ("latency-*.svg", "distributions of latency"),
        ("p99-*.svg", "the 99th percentile over time, in percentiles.csv too"),
        ("shares-*.svg", "the servers' shares over time, in shares.csv too"),
        ("cells", "a folder for every run, with every request"),
    ];

    public static void Write(IAnsiConsole console, TestbedSummary summary, string folder)
    {
        console.WriteLine(
            $"{summary.Name}: {summary.Runs} runs, {Terminal.Count(summary.Void, "void run")} left out");
        Write(console, TestbedTable.Header, summary.Rows.Select(TestbedTable.Cells));
        console.WriteLine(TestbedTable.Note(summary.Baseline));
        if (summary.Rows.Any(r => r.Classes.Count > 0))
        {
            Write(console, TestbedTable.ClassHeader, summary.Rows.SelectMany(TestbedTable.ClassCells));
        }
        if (summary.Rows.Any(r => r.Events.Count > 0))
        {
            Write(console, TestbedTable.EventHeader, summary.Rows.SelectMany(TestbedTable.EventCells));
        }
        Grid facts = Facts.Begin();
        facts.Fact("run folder", RunFolder.Near(folder));
        foreach ((string file, string content) in Files)
        {
            facts.Fact("", $"{file,-14} {content}");
        }
        console.Write(facts);
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        Table table = Terminal.Table([.. header.Select((h, i) => (h, i == 0 ? Justify.Left : Justify.Right))]);
        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddCells(row);
        }
        console.WriteFitted(table);
    }
}
