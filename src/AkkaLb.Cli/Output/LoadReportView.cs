using System.Globalization;
using AkkaLb.Live.Load;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>The outcome of a load for people; times in milliseconds.</summary>
internal static class LoadReportView
{
    public static void Write(IAnsiConsole console, LoadReport report)
    {
        Table table = Terminal.Table(
            ("ms", Justify.Left), ("requests", Justify.Right), ("errors", Justify.Right), ("mean", Justify.Right), ("p50", Justify.Right),
            ("p90", Justify.Right), ("p95", Justify.Right), ("p99", Justify.Right), ("p99.9", Justify.Right), ("max", Justify.Right));
        foreach ((string name, LatencyFigures f) in report.Classes.Select(c => (c.Key, c.Value)).Prepend(("all", report.All)))
        {
            table.AddCells(
                name, Terminal.Count(f.Requests), Terminal.Count(f.Errors), Milliseconds(f.Mean), Milliseconds(f.P50), Milliseconds(f.P90),
                Milliseconds(f.P95), Milliseconds(f.P99), Milliseconds(f.P999), Milliseconds(f.Max));
        }
        console.WriteFitted(table);
        Grid facts = Facts.Begin();
        facts.Fact("requests/s", string.Create(CultureInfo.InvariantCulture, $"{report.Rate:0.0} over {report.Seconds:0.0} s"));
        facts.Fact("answers", string.Join(", ", report.Statuses.Select(s => $"{s.Key}: {Terminal.Count(s.Value)}")));
        if (report.All.Shares.Count > 0)
        {
            facts.Fact("servers' shares", string.Join(", ", report.All.Shares.Select(Terminal.Percent)));
        }
        Lateness late = report.Late;
        facts.Fact("sent late", $"p50 {Milliseconds(late.P50)} ms, p99 {Milliseconds(late.P99)} ms, at most {Milliseconds(late.Max)} ms");
        facts.Fact("processors", report.Processor is { } share ? $"{Terminal.Percent(share)} in use" : "not known");
        console.Write(facts);
    }

    /// <returns>A dash for null: nothing was answered.</returns>
    public static string Milliseconds(double? seconds) =>
        (seconds * 1000)?.ToString(seconds < 1 ? "0.0" : "0", CultureInfo.InvariantCulture) ?? "–";
}
