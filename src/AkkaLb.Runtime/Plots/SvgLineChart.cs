using System.Globalization;
using System.Security;
using System.Text;

namespace AkkaLb.Runtime.Plots;

/// <summary>Writes a <see cref="LineChart"/> as a self-contained SVG document; same chart, same bytes.</summary>
/// <remarks>
/// Written by hand, since the packages do not do: OxyPlot.Core measures text too small, so that axis titles, levels and legends
/// run into each other; ScottPlot needs a native library and this machine's fonts, and numbers its clip paths on and on.
/// </remarks>
public static class SvgLineChart
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private const double Width = 900, Height = 480;
    private const double Left = 74, Right = 150, Top = 44, Bottom = 56;
    private const double LabelHeight = 14, LegendRow = 18;

    // Okabe and Ito's palette: distinguishable with colour-vision deficiency.
    private static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#555555"];

    public static string Render(LineChart chart)
    {
        (double xLow, double xHigh) = Bounds(Xs(chart));
        (double yLow, double yHigh) = Bounds(Ys(chart));
        double pad = (yHigh - yLow) * 0.05;
        (yLow, yHigh) = (yLow >= 0 && yLow - pad < 0 ? 0 : yLow - pad, yHigh + pad);
        double X(double value) => Left + (value - xLow) / (xHigh - xLow) * (Width - Left - Right);
        double Y(double value) => Height - Bottom - (value - yLow) / (yHigh - yLow) * (Height - Top - Bottom);

        // Curves that have no place in the line above the chart are named below it.
        List<List<int>> legend = LegendRows(chart);
        double height = Height + (legend.Count > 1 ? legend.Count * LegendRow : 0);
        StringBuilder svg = new();
        svg.Append(Culture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" "
            + $"height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        svg.Append(Culture, $"<text x=\"{Left}\" y=\"24\" font-size=\"15\" font-weight=\"bold\">{Text(chart.Title)}</text>\n");
        AppendAxes(svg, chart, Ticks(xLow, xHigh, 8), Ticks(yLow, yHigh, 6), X, Y);

        for (int i = 0; i < chart.Bands.Count; i++)
        {
            ChartBand band = chart.Bands[i];
            IEnumerable<string> outline = band.Ranges.Select(r => Point(X(r.X), Y(r.High)))
                .Concat(band.Ranges.Reverse().Select(r => Point(X(r.X), Y(r.Low))));
            svg.Append(Culture, $"<polygon points=\"{string.Join(' ', outline)}\" fill=\"{Colour(i)}\" "
                + $"fill-opacity=\"{(chart.Bands.Count == 1 ? 0.18 : 0.1)}\"><title>{Text(band.Label)}</title></polygon>\n");
        }
        AppendLevels(svg, chart, Y);
        for (int i = 0; i < chart.Series.Count; i++)
        {
            ChartSeries series = chart.Series[i];
            string points = string.Join(' ', series.Points.Select(p => Point(X(p.X), Y(p.Y))));
            svg.Append(Culture, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{Colour(i)}\" stroke-width=\"1.8\"{Dashes(i)} "
                + $"stroke-linejoin=\"round\"><title>{Text(series.Label)}</title></polyline>\n");
        }
        foreach ((ChartSeries series, int i) in chart.Series.Select((s, i) => (s, i)))
        {
            if (series.Star is { } star)
            {
                svg.Append(Culture, $"<path d=\"{StarPath(X(star.X), Y(star.Y))}\" fill=\"{Colour(i)}\" stroke=\"white\" "
                    + $"stroke-width=\"0.8\"><title>{Text(series.Label)}: {star.Y:G4}</title></path>\n");
            }
        }
        AppendLegend(svg, chart, legend);
        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendAxes(StringBuilder svg, LineChart chart, double[] xTicks, double[] yTicks, Func<double, double> x,
        Func<double, double> y)
    {
        double bottom = Height - Bottom, right = Width - Right;
        foreach (double tick in yTicks)
        {
            svg.Append(Culture, $"<line x1=\"{Left}\" x2=\"{right}\" y1=\"{y(tick):0.##}\" y2=\"{y(tick):0.##}\" stroke=\"#e4e4e4\"/>");
            svg.Append(Culture, $"<text x=\"{Left - 8}\" y=\"{y(tick) + 4:0.##}\" text-anchor=\"end\" fill=\"#333\">{tick:G6}</text>\n");
        }
        foreach (double tick in xTicks)
        {
            svg.Append(Culture, $"<line x1=\"{x(tick):0.##}\" x2=\"{x(tick):0.##}\" y1=\"{bottom}\" y2=\"{bottom + 5}\" stroke=\"#333\"/>");
            svg.Append(Culture, $"<text x=\"{x(tick):0.##}\" y=\"{bottom + 19}\" text-anchor=\"middle\" fill=\"#333\">{tick:G6}</text>\n");
        }
        svg.Append(Culture, $"<path d=\"M{Left} {Top}V{bottom}H{right}\" fill=\"none\" stroke=\"#333\"/>\n");
        svg.Append(Culture, $"<text x=\"{(Left + right) / 2:0.##}\" y=\"{Height - 14}\" "
            + $"text-anchor=\"middle\">{Text(chart.XLabel)}</text>\n");
        svg.Append(Culture, $"<text transform=\"translate(18 {(Top + bottom) / 2:0.##}) rotate(-90)\" "
            + $"text-anchor=\"middle\">{Text(chart.YLabel)}</text>\n");
    }

    private static void AppendLevels(StringBuilder svg, LineChart chart, Func<double, double> y)
    {
        // Labels of levels that lie close together are pushed apart, lowest value (largest y) last.
        double previous = double.NegativeInfinity;
        var ordered = chart.Levels.Select((level, i) => (level, colour: Colour(chart.Series.Count + i)))
            .OrderByDescending(l => l.level.Value);
        foreach ((ChartLevel level, string colour) in ordered)
        {
            double line = y(level.Value);
            double label = Math.Max(line + 4, previous + LabelHeight);
            previous = label;
            svg.Append(Culture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{line:0.##}\" y2=\"{line:0.##}\" stroke=\"{colour}\" "
                + $"stroke-width=\"1.3\" stroke-dasharray=\"6 4\"/>");
            svg.Append(Culture, $"<text x=\"{Width - Right + 6}\" y=\"{label:0.##}\" fill=\"{colour}\">{Text(level.Label)} "
                + $"{level.Value:G4}</text>\n");
        }
    }

    private static void AppendLegend(StringBuilder svg, LineChart chart, List<List<int>> rows)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            double x = Width - Right - rows[row].Sum(i => LegendWidth(chart.Series[i]));
            double y = rows.Count == 1 ? Top - 8 : Height + row * LegendRow;
            foreach (int i in rows[row])
            {
                ChartSeries series = chart.Series[i];
                svg.Append(Culture, $"<line x1=\"{x:0.##}\" x2=\"{x + 18:0.##}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{Colour(i)}\" "
                    + $"stroke-width=\"2\"{Dashes(i)}/>");
                svg.Append(Culture, $"<text x=\"{x + 23:0.##}\" y=\"{y + 4}\">{Text(series.Label)}</text>\n");
                x += LegendWidth(series);
            }
        }
    }

    /// <summary>Curves by number in rows that are no wider than the chart; one row where the title leaves room for it.</summary>
    private static List<List<int>> LegendRows(LineChart chart)
    {
        List<List<int>> rows = [];
        double all = chart.Series.Sum(LegendWidth), left = 0;
        bool oneRow = all + 8.5 * chart.Title.Length < Width - Left - Right;
        for (int i = 0; i < chart.Series.Count; i++)
        {
            double width = LegendWidth(chart.Series[i]);
            if (rows.Count == 0 || (!oneRow && left < width))
            {
                rows.Add([]);
                left = Width - Left - Right;
            }
            rows[^1].Add(i);
            left -= width;
        }
        // A legend below the chart has a row even when one would hold it all.
        if (rows.Count == 1 && !oneRow)
        {
            rows.Add([]);
        }
        return rows;
    }

    private static double LegendWidth(ChartSeries series) => 30 + 7 * series.Label.Length;

    private static string Colour(int series) => Palette[series % Palette.Length];

    /// <summary>Curves that use a colour for the second time are dashed.</summary>
    private static string Dashes(int series) => series / Palette.Length == 0 ? "" : string.Create(
        Culture,
        $" stroke-dasharray=\"{4 * (series / Palette.Length)} 3\"");

    private static string StarPath(double x, double y) =>
        "M" + string.Join('L', Enumerable.Range(0, 10).Select(k =>
        {
            (double radius, double angle) = (k % 2 == 0 ? 8 : 3.3, Math.PI * (k / 5.0 - 0.5));
            return Point(x + radius * Math.Cos(angle), y + radius * Math.Sin(angle));
        })) + "Z";

    /// <summary>Round numbers 1, 2 or 5 times a power of ten apart, within [low, high].</summary>
    internal static double[] Ticks(double low, double high, int about)
    {
        double raw = (high - low) / about;
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = new[] { 1.0, 2, 5, 10 }.First(m => m * power >= raw * 0.999) * power;
        long first = (long)Math.Ceiling(low / step - 1e-9), last = (long)Math.Floor(high / step + 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, 12))];
    }

    private static (double Low, double High) Bounds(IEnumerable<double> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values.Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        return low > high ? (0, 1) : low == high ? (low - 0.5, high + 0.5) : (low, high);
    }

    private static IEnumerable<double> Xs(LineChart chart) =>
        chart.Series.SelectMany(s => s.Points.Select(p => p.X)).Concat(chart.Bands.SelectMany(b => b.Ranges.Select(r => r.X)));

    private static IEnumerable<double> Ys(LineChart chart) =>
        chart.Series.SelectMany(s => s.Points.Select(p => p.Y))
            .Concat(chart.Levels.Select(l => l.Value))
            .Concat(chart.Bands.SelectMany(b => b.Ranges).SelectMany(r => new[] { r.Low, r.High }));

    private static string Point(double x, double y) => string.Create(Culture, $"{x:0.##},{y:0.##}");

    private static string Text(string text) => SecurityElement.Escape(text);
}
