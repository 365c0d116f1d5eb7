using System.Globalization;
using System.Text;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>A grid's table as text, for people: means ± sample standard deviations over the seeds.</summary>
/// <param name="Notes">Lines beneath it.</param>
public sealed record GridTable(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Notes)
{
    private static readonly (string Metric, string Header, double Factor, string Format)[] Learning =
    [
        (GridMetrics.PhiLast2000, "{0}, last 2,000", 1, "0.00000"),
        (GridMetrics.PhiLast500, "{0}, last 500", 1, "0.00000"),
        (GridMetrics.PhiLowestAverage, "{0}, lowest 2,000-mean", 1, "0.00000"),
        (GridMetrics.Exchanges, "exchanges, %", 100, "0.00"),
        (GridMetrics.ExchangesPublished, "as published, %", 100, "0.00"),
        (GridMetrics.Megabytes, "MB/episode", 1, "0.000"),
        (GridMetrics.MegabytesPublished, "as published", 1, "0.000"),
    ];

    /// <summary>
    /// A column for each published figure of learning runs, a line for each policy of data centres and for each metric of others.
    /// </summary>
    public static GridTable Of(GridSummary summary) => summary.Family == "datacenter" ? OfPolicies(summary)
        : summary.Rows.Any(r => r.Metrics.Count > 0 && !r.Metrics.ContainsKey(GridMetrics.PhiLast2000)) ? OfAnything(summary)
            : OfLearning(summary);

    /// <summary>
    /// One row per cell: its settings, and mean and standard deviation of every metric, so that they read back to the same bits.
    /// </summary>
    public static string ToCsv(GridSummary summary)
    {
        string[] settings = [.. summary.Rows.SelectMany(r => r.Settings.Keys).Distinct()];
        string[] metrics = [.. summary.Rows.SelectMany(r => r.Metrics.Keys).Distinct()];
        return CsvTable.Write(
            ["cell", "variant", .. settings, "seeds", "planned", .. metrics.SelectMany(m => new[] { m, m + "Sd" })],
            summary.Rows.Select(row => (object?[])
            [
                row.Cell, row.Variant, .. settings.Select(s => row.Settings.GetValueOrDefault(s, "")), row.Seeds.Count, row.Planned,
                .. metrics.Select(m => row.Metrics.GetValueOrDefault(m)).SelectMany(e => new object?[] { e?.Mean, e?.Sd }),
            ]));
    }

    public string ToMarkdown()
    {
        StringBuilder text = new();
        Line(Header);
        Line([.. Header.Select((_, column) => column < LeftColumns ? "---" : "---:")]);
        foreach (IReadOnlyList<string> row in Rows)
        {
            Line(row);
        }
        foreach (string note in Notes)
        {
            text.Append('\n').Append(note).Append('\n');
        }
        return text.ToString();

        void Line(IReadOnlyList<string> cells) =>
            text.Append("| ").AppendJoin(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }

    /// <summary>The first columns hold words, the others figures.</summary>
    public int LeftColumns { get; private init; } = 1;

    private static GridTable OfLearning(GridSummary summary)
    {
        string measure = ObjectiveNames.Of(summary.Objective);
        List<string> notes = [Standing(summary)];
        AddLevel(GridMetrics.Ecmp, "ECMP on the DAG routing");
        AddLevel(GridMetrics.Genetic, "Genetic search");
        return new GridTable(
            ["cell", "seeds", .. Learning.Select(c => c.Header.Replace("{0}", measure, StringComparison.Ordinal))],
            [.. summary.Rows.Select(r =>
                (string[])[r.Cell, Seeds(r), .. Learning.Select(c => Show(r.Metrics.GetValueOrDefault(c.Metric), c.Factor, c.Format))])],
            notes);

        // Where all cells have the same traffic.
        void AddLevel(string metric, string name)
        {
            double[] levels = [.. summary.Rows.SelectMany(r => r.Metrics.TryGetValue(metric, out Estimate? e) ? new[] { e.Min, e.Max }
                : []).Distinct()];
            if (levels.Length == 1)
            {
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {measure} {levels[0]:0.00000}"));
            }
        }
    }

    private static GridTable OfPolicies(GridSummary summary)
    {
        static (string Policy, string Figure) Split(string metric) => metric.Split('.', 2) is [var policy, var figure] ? (policy, figure)
            : ("", metric);
        string[] figures = [.. summary.Rows.SelectMany(r => r.Metrics.Keys).Select(m => Split(m).Figure).Distinct()];
        return new GridTable(
            ["cell", "policy", "seeds", .. figures],
            [.. summary.Rows.SelectMany(r => r.Metrics.Keys.Select(m => Split(m).Policy).Distinct().Select(policy => (string[])
                [r.Cell, policy, Seeds(r), .. figures.Select(f => Show(r.Metrics.GetValueOrDefault($"{policy}.{f}"), 1, "0.000"))]))],
            [Standing(summary)])
        {
            LeftColumns = 2,
        };
    }

    private static GridTable OfAnything(GridSummary summary) => new(
        ["cell", "metric", "seeds", "mean", "sd", "lowest", "highest"],
        [.. summary.Rows.SelectMany(r => r.Metrics.Select(m => (string[])
            [r.Cell, m.Key, Seeds(r), Figure(m.Value.Mean), Figure(m.Value.Sd), Figure(m.Value.Min), Figure(m.Value.Max)]))],
        [Standing(summary)])
    {
        LeftColumns = 2,
    };

    private static string Standing(GridSummary summary) => summary.Finished == summary.Runs
        ? $"All {summary.Runs} runs have finished. Figures: mean ± sample standard deviation over the seeds."
        : $"{summary.Finished} of {summary.Runs} runs have finished; only they count. Figures: mean ± sample standard deviation over the "
            + "seeds.";

    private static string Seeds(GridRow row) => row.Seeds.Count == row.Planned ? $"{row.Planned}" : $"{row.Seeds.Count} of {row.Planned}";

    private static string Show(Estimate? estimate, double factor, string format)
    {
        string Number(double value) => (value * factor).ToString(format, CultureInfo.InvariantCulture);
        return estimate is null ? "–" : estimate.Sd is { } sd ? $"{Number(estimate.Mean)} ± {Number(sd)}" : Number(estimate.Mean);
    }

    private static string Figure(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "–";
}
