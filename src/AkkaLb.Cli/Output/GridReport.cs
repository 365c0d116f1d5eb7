using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Runs;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>The table of a grid for people.</summary>
internal static class GridReport
{
    private static readonly (string Name, string Content)[] Files =
    [
        ("table.md", "the table above"),
        ("table.csv", "the same with all digits"),
        (RunFolder.SummaryFile, "the same as JSON"),
        ("grid.json", "the list of runs"),
        ("runs", "a run folder for every cell and seed"),
    ];

    public static void Write(IAnsiConsole console, GridSummary summary, string folder)
    {
        GridTable table = GridTable.Of(summary);
        console.WriteLine($"grid {summary.Name}: {summary.Rows.Count} cells, {summary.Finished} of {summary.Runs} runs finished");
        Table drawn = Terminal.Table(
            [.. table.Header.Select((header, column) => (header, column < table.LeftColumns ? Justify.Left : Justify.Right))]);
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            drawn.AddCells(row);
        }
        console.WriteFitted(drawn);
        foreach (string note in table.Notes)
        {
            console.WriteLine(note);
        }
        Grid facts = Facts.Begin();
        facts.Fact("grid folder", RunFolder.Near(folder));
        IEnumerable<string> charts = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.svg") : [];
        facts.Files(
            folder, Files.Concat(charts.Order(StringComparer.Ordinal).Select(chart => (Path.GetFileName(chart), "learning curves"))));
        console.Write(facts);
    }
}
