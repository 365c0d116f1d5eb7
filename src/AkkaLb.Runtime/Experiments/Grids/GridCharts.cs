using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Plots;

namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>
/// Learning curves of a grid, drawn as the published ones: mean of 100 episodes, from lowest to highest behind it, and a star
/// at the lowest mean of 2,000 episodes.
/// </summary>
internal static class GridCharts
{
    private const int MostCurves = 8, Group = 100, Window = 2000;

    /// <summary>One chart when all cells have room on it, else one for every variant, or several.</summary>
    /// <param name="measure">What is drawn, usually Φ.</param>
    /// <returns>SVG documents by file name.</returns>
    public static IEnumerable<(string File, string Svg)> Render(string name, string measure, IReadOnlyList<CellRuns> cells)
    {
        CellRuns[] drawn = [.. cells.Where(c => c.Finished.Any(f => f.Metrics.Phi.Count > 0))];
        if (cells.Count <= MostCurves)
        {
            if (drawn.Length > 0)
            {
                yield return ("phi.svg", Chart(name, measure, drawn));
            }
            yield break;
        }
        // By all cells, so that a cell's chart does not depend on which ones have finished.
        foreach (IGrouping<string, CellRuns> variant in cells.GroupBy(c => c.Variant))
        {
            CellRuns[][] charts = [.. variant.Chunk(MostCurves)];
            for (int i = 0; i < charts.Length; i++)
            {
                string part = charts.Length == 1 ? "" : $"-{i + 1}";
                string words = variant.Key.Length == 0 ? "" : $"-{variant.Key}";
                CellRuns[] finished = [.. charts[i].Intersect(drawn)];
                if (finished.Length > 0)
                {
                    string title = $"{name}{(words.Length == 0 ? "" : $": {variant.Key}")}";
                    yield return (GridFolder.FileName($"phi{words}{part}.svg"), Chart(title, measure, finished));
                }
            }
        }
    }

    private static string Chart(string title, string measure, IReadOnlyList<CellRuns> cells)
    {
        Curve[] curves = [.. cells.Select(Curve.Of)];
        int width = Math.Clamp(curves.Max(c => c.Mean.Length) / 20, 1, Group);
        return SvgLineChart.Render(new LineChart(title, "episode", $"{measure} after the last horizon")
        {
            Series = [.. curves.Select(c => new ChartSeries(c.Label, c.Means(width)) { Star = c.Star })],
            Bands = [.. curves.Select(c => new ChartBand($"{c.Label}: lowest to highest of {width} episodes", c.Ranges(width)))],
            Levels =
            [
                .. Level("ECMP", cells, b => b.Ecmp),
                .. Level("genetic", cells, b => b.Genetic),
            ],
        });
    }

    /// <summary>A baseline that all runs of a chart share.</summary>
    private static IEnumerable<ChartLevel> Level(string label, IReadOnlyList<CellRuns> cells, Func<RunBaselines, double?> level)
    {
        double?[] values = [.. cells.SelectMany(c => c.Finished).Select(f => f.Metrics.Levels is { } b ? level(b) : null).Distinct()];
        return values is [{ } value] ? [new ChartLevel(label, value)] : [];
    }

    /// <summary>A cell's curve over its seeds, by episode.</summary>
    private sealed record Curve(string Label, double[] Mean, double[] Low, double[] High)
    {
        public ChartPoint Star
        {
            get
            {
                (double mean, int episode) = PhiStatistics.LowestAverage(Mean, Window);
                return new ChartPoint(episode, mean);
            }
        }

        public static Curve Of(CellRuns cell)
        {
            IReadOnlyList<double>[] seeds = [.. cell.Finished.Select(f => f.Metrics.Phi)];
            int episodes = seeds.Min(s => s.Count);
            double[] Each(Func<IEnumerable<double>, double> over) =>
                [.. Enumerable.Range(0, episodes).Select(i => over(seeds.Select(s => s[i])))];
            return new Curve(cell.Name, Each(v => v.Average()), Each(v => v.Min()), Each(v => v.Max()));
        }

        public IReadOnlyList<ChartPoint> Means(int width) =>
            [.. Mean.Chunk(width).Select((g, i) => new ChartPoint(Middle(g, i, width), g.Average()))];

        public IReadOnlyList<ChartRange> Ranges(int width) =>
            [.. Low.Chunk(width).Zip(High.Chunk(width), (low, high) => (low, high)).Select(
                (g, i) => new ChartRange(Middle(g.low, i, width), g.low.Min(), g.high.Max()))];

        private static double Middle(double[] group, int index, int width) => index * width + (group.Length - 1) / 2.0;
    }
}
