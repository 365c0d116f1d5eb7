using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>The tables and curves over a grid's finished runs. Same runs, same bytes; each run is read once.</summary>
internal sealed class GridTables(GridFolder folder, GridPlan plan)
{
    public const string CsvFile = "table.csv";
    public const string MarkdownFile = "table.md";

    private readonly Dictionary<GridCell, GridMetrics> _read = [];
    private readonly Dictionary<GridCell, string> _objectives = [];

    /// <summary>The table as it stands.</summary>
    public GridSummary Summarise() => Summarise(Cells());

    /// <summary>Writes the table in all its forms, and the curves, into the grid's folder.</summary>
    public GridSummary Write()
    {
        List<CellRuns> cells = Cells();
        GridSummary summary = Summarise(cells);
        folder.Write(RunFolder.SummaryFile, summary.ToJson() + "\n");
        folder.Write(CsvFile, GridTable.ToCsv(summary));
        folder.Write(MarkdownFile, GridTable.Of(summary).ToMarkdown());
        foreach ((string file, string svg) in GridCharts.Render(plan.Name, ObjectiveNames.Of(summary.Objective), cells))
        {
            folder.Write(file, svg);
        }
        return summary;
    }

    private List<CellRuns> Cells() =>
    [
        .. plan.Runs.GroupBy(r => r.Cell).Select(runs => new CellRuns(
            runs.Key, runs.First().Variant, [.. runs], [.. runs.Where(r => folder[r].IsFinished).Select(r => (r.Seed, Read(r)))])),
    ];

    private GridMetrics Read(GridCell run)
    {
        if (!_read.TryGetValue(run, out GridMetrics? metrics))
        {
            metrics = GridMetrics.Read(plan.Family, folder[run]);
            _read.Add(run, metrics);
        }
        return metrics;
    }

    private GridSummary Summarise(IReadOnlyList<CellRuns> cells)
    {
        int finished = cells.Sum(c => c.Finished.Count);
        return new GridSummary
        {
            Name = plan.Name,
            Family = plan.Family,
            Status = finished == plan.Runs.Count ? RunSummary.Finished : RunSummary.Stopped,
            Runs = plan.Runs.Count,
            Finished = finished,
            Objective = Objective(),
            Rows = [.. cells.Select(Row)],
        };
    }

    /// <summary>What the runs of a network grid minimise, if it is another objective than the variance.</summary>
    private string? Objective()
    {
        foreach (GridCell run in plan.Runs.Where(run => plan.Family == "network" && !_objectives.ContainsKey(run)))
        {
            _objectives.Add(run, ReadObjective(run));
        }
        return _objectives.Values.Distinct().ToArray() switch
        {
            [] or ["variance"] => null,
            [var one] => one,
            _ => "several",
        };
    }

    private string ReadObjective(GridCell run) =>
        ConfigurationLoader.Load(folder[run][RunFolder.ConfigurationFile], []).GetString(NetworkRun.ObjectiveKey)!;

    private static GridRow Row(CellRuns cell)
    {
        // A metric counts where all finished runs have it, so that every figure is over the same seeds.
        IEnumerable<string> names = cell.Finished.Count == 0 ? [] : cell.Finished[0].Metrics.Values.Select(v => v.Key);
        Dictionary<string, Estimate> metrics = [];
        foreach (string name in names)
        {
            double[] values = [.. cell.Finished.SelectMany(f => f.Metrics.Values.Where(v => v.Key == name).Select(v => v.Value))];
            if (values.Length == cell.Finished.Count)
            {
                metrics.Add(name, Estimate.Of(values));
            }
        }
        return new GridRow(cell.Name, cell.Variant, cell.Runs[0].Settings, [.. cell.Finished.Select(f => f.Seed)], cell.Runs.Count,
            metrics);
    }
}

/// <summary>The runs of a cell, and what the finished ones among them came to.</summary>
internal sealed record CellRuns(
    string Name, string Variant, IReadOnlyList<GridCell> Runs, IReadOnlyList<(ulong Seed, GridMetrics Metrics)> Finished);
