using System.Globalization;
using System.Text;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Live.Testbed;

/// <summary>A comparison as tables: for people in milliseconds, as CSV in seconds.</summary>
public static class TestbedTable
{
    public static readonly IReadOnlyList<string> Header =
    [
        "contender", "load", "proxies", "seeds", "errors", "mean", "sd", "p50", "p90", "p99", "sd p99", "mean / baseline", "p99 / baseline",
        "live/sim mean", "live/sim p99",
    ];

    public static IReadOnlyList<string> Cells(TestbedRow row) =>
    [
        row.Contender, Percent(row.Load), $"{row.Proxies}", $"{row.Seeds}", $"{row.Figures.Errors}", Milliseconds(row.Figures.Mean),
        Milliseconds(row.MeanSd), Milliseconds(row.Figures.P50), Milliseconds(row.Figures.P90), Milliseconds(row.Figures.P99),
        Milliseconds(row.P99Sd), Ratio(row.MeanRatio), Ratio(row.P99Ratio), Over(row.Figures.Mean, row.Simulated?.Mean),
        Over(row.Figures.P99, row.Simulated?.P99),
    ];

    public static readonly IReadOnlyList<string> EventHeader =
        ["contender", "load", "proxies", "at", "event", "p99 before", "p99 after", "worst window", "settled after, s", "lost"];

    public static IEnumerable<IReadOnlyList<string>> EventCells(TestbedRow row) => row.Events.Select(e => (IReadOnlyList<string>)
    [
        row.Contender, Percent(row.Load), $"{row.Proxies}", $"{Number(e.Seconds, "0.#")} s", e.What, Milliseconds(e.Before),
        Milliseconds(e.After), Milliseconds(e.Worst), e.SettlingSeconds is { } s ? Number(s, "0.#") : "not", $"{e.Lost}",
    ]);

    public static readonly IReadOnlyList<string> ClassHeader =
        ["contender", "load", "proxies", "class", "requests", "errors", "mean", "p50", "p90", "p99"];

    public static IEnumerable<IReadOnlyList<string>> ClassCells(TestbedRow row) => row.Classes.Select(c => (IReadOnlyList<string>)
    [
        row.Contender, Percent(row.Load), $"{row.Proxies}", c.Key, $"{c.Value.Requests}", $"{c.Value.Errors}", Milliseconds(c.Value.Mean),
        Milliseconds(c.Value.P50), Milliseconds(c.Value.P90), Milliseconds(c.Value.P99),
    ]);

    /// <summary>What the columns are.</summary>
    public static string Note(string baseline) =>
        $"Milliseconds, means over seeds. Ratios: geometric mean of run by run against {baseline} on the same requests, with its 95 % "
        + "confidence interval; errors are not among the latencies. live/sim: over what the simulator gives for the same requests.";

    public static string ToMarkdown(TestbedSummary summary)
    {
        StringBuilder text = new();
        Append(text, Header, summary.Rows.Select(Cells));
        text.Append('\n').Append(Note(summary.Baseline)).Append('\n');
        AppendIfAny(text, ClassHeader, summary.Rows.SelectMany(ClassCells));
        AppendIfAny(text, EventHeader, summary.Rows.SelectMany(EventCells));
        return text.ToString();
    }

    public static string ToCsv(TestbedSummary summary)
    {
        int servers = summary.Rows.Select(r => r.Figures.Shares.Count).DefaultIfEmpty(0).Max();
        return CsvTable.Write(
            [
                "contender", "load", "proxies", "seeds", "requests", "errors", "mean", "meanSd", "p50", "p90", "p95", "p99", "p99Sd",
                "p999",
                "max", "meanRatio", "meanRatioLow", "meanRatioHigh", "p99Ratio", "p99RatioLow", "p99RatioHigh", "simulatedMean",
                "simulatedP99",
                .. Enumerable.Range(0, servers).Select(s => $"share{s}"),
            ],
            summary.Rows.Select(r => (object?[])
            [
                r.Contender, r.Load, r.Proxies, r.Seeds, r.Figures.Requests, r.Figures.Errors, r.Figures.Mean, r.MeanSd, r.Figures.P50,
                r.Figures.P90, r.Figures.P95, r.Figures.P99, r.P99Sd, r.Figures.P999, r.Figures.Max, r.MeanRatio?.Ratio, r.MeanRatio?.Low,
                r.MeanRatio?.High, r.P99Ratio?.Ratio, r.P99Ratio?.Low, r.P99Ratio?.High, r.Simulated?.Mean, r.Simulated?.P99,
                .. Enumerable.Range(0, servers).Select(s => (object?)(s < r.Figures.Shares.Count ? r.Figures.Shares[s] : 0.0)),
            ]));
    }

    private static void AppendIfAny(StringBuilder text, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (rows.Any())
        {
            text.Append('\n');
            Append(text, header, rows);
        }
    }

    private static void Append(StringBuilder text, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        text.Append("| ").AppendJoin(" | ", header).Append(" |\n|").Insert(text.Length, "---|", header.Count).Append('\n');
        foreach (IReadOnlyList<string> row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        }
    }

    private static string Ratio(PairedRatio? ratio) => ratio switch
    {
        null => "",
        { Low: { } low, High: { } high } => $"{Number(ratio.Ratio, "0.000")} [{Number(low, "0.00")}, {Number(high, "0.00")}]",
        _ => Number(ratio.Ratio, "0.000"),
    };

    private static string Over(double? live, double? simulated) =>
        simulated is > 0 && live / simulated is { } ratio ? Number(ratio, "0.000") : "";

    private static string Milliseconds(double? seconds) => seconds is { } known ? Number(known * 1000, "0.0") : "–";

    private static string Percent(double share) => $"{Number(share * 100, "0.#")} %";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
