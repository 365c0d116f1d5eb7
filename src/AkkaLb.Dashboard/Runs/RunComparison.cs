using System.Text.Json;
using AkkaLb.Dashboard.Components;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Plots;
using AkkaLb.Runtime.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaLb.Dashboard.Runs;

/// <summary>A run beside others of its family: their curves in one chart, and their figures in one table, to see and to download.</summary>
internal static class RunComparison
{
    private const string TableFile = "figures.csv", PlotFile = "chart.svg";

    /// <returns>Null where the run has written nothing to draw yet.</returns>
    public static LineChart? Chart(RunFiles run, IReadOnlyList<RunFiles> others)
    {
        if (run.Family != "network")
        {
            return RunCharts.Of(run);
        }
        LineChart own = PhiPlot.Chart($"{run.Measure} by episode", run.Measure, run.Baselines, run.Column("phi"));
        return others.Count == 0 ? own : own with
        {
            Bands = [],
            Series =
            [
                own.Series[0] with { Label = run.Name },
                .. others.Select(other => PhiPlot.Chart("", "", null, other.Column("phi")).Series[0] with { Label = other.Name }),
            ],
        };
    }

    /// <summary>The figures of <c>summary.json</c> by their paths, those of policies left out, with a value of each run.</summary>
    /// <param name="exact">Numbers as they are written there, for programs.</param>
    /// <returns>Values are empty where a run has none.</returns>
    /// <exception cref="InvalidInputException">A figure stands twice in a summary.</exception>
    public static IReadOnlyList<(string Figure, string[] Values)> Figures(IReadOnlyList<RunFiles> runs, bool exact = false)
    {
        Dictionary<string, string>[] tables = [.. runs.Select(run => run.OfSummary(summary => Table(summary, exact)) ?? [])];
        return
        [
            .. tables.SelectMany(table => table.Keys).Distinct(StringComparer.Ordinal)
                .Select(figure => (figure, tables.Select(table => table.GetValueOrDefault(figure, "")).ToArray())),
        ];
    }

    private static Dictionary<string, string> Table(JsonElement summary, bool exact)
    {
        Dictionary<string, string> table = [];
        foreach ((string path, string value) in Components.Figures.Flatten(summary, exact))
        {
            if (!path.StartsWith("policies.", StringComparison.Ordinal) && !table.TryAdd(path, value))
            {
                throw new JsonException($"{path} is there twice");
            }
        }
        return table;
    }

    /// <summary>Where a page finds the table or the chart of what it shows.</summary>
    public static (string Table, string Plot) Addresses(string run, IEnumerable<string> others)
    {
        string with = string.Join('&', others.Select(other => $"with={Uri.EscapeDataString(other)}"));
        string Of(string file) => $"/compare/{Uri.EscapeDataString(run)}/{file}{(with.Length > 0 ? "?" : "")}{with}";
        return (Of(TableFile), Of(PlotFile));
    }

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/compare/{run}/{file}", (string run, string file, string[] with, RunCatalog runs) =>
        {
            try
            {
                string[] ids = [run, .. with];
                RunFiles?[] found = [.. ids.Select(runs.Find)];
                if (Array.IndexOf(found, null) is >= 0 and var missing)
                {
                    return Problem($"{ids[missing]}: there is no such run", StatusCodes.Status404NotFound);
                }
                RunFiles[] all = found!;
                return file switch
                {
                    TableFile => Results.Text(
                        CsvTable.Write(["figure", .. ids.Select(RunCatalog.NameOf)],
                            Figures(all, exact: true).Select(row => (object?[])[row.Figure, .. row.Values])), "text/csv"),
                    PlotFile when Chart(all[0], all[1..]) is { } chart => Results.Text(SvgLineChart.Render(chart), "image/svg+xml"),
                    _ => Problem($"{run}/{file}: there is nothing of this name", StatusCodes.Status404NotFound),
                };
            }
            catch (Exception e) when (e is InvalidInputException or IOException or UnauthorizedAccessException)
            {
                return Problem(e.Message, StatusCodes.Status500InternalServerError);
            }
        });

    private static IResult Problem(string line, int status) => Results.Text(line + "\n", statusCode: status);
}
