using System.Globalization;
using AkkaLb.Live.Load;
using AkkaLb.Runtime.Plots;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Live.Testbed;

/// <summary>Charts of a comparison, and the numbers of those over time.</summary>
internal sealed class TestbedCharts(TestbedOptions options, RunFolder folder, IReadOnlyList<CellResult> results)
{
    // Of a distribution, up to the 99.9th percentile.
    private const int Points = 200;
    private const double Last = 0.999;

    /// <summary>Seconds of a window of servers' shares.</summary>
    private const double ShareWindow = 1;

    private readonly List<object?[]> _shares = [], _percentiles = [];

    public void Write(CancellationToken cancellation)
    {
        foreach (double load in options.Loads)
        {
            foreach (int proxies in options.Proxies)
            {
                cancellation.ThrowIfCancellationRequested();
                Write(load, proxies);
            }
        }
        folder.Write("shares.csv", CsvTable.Write(["contender", "load", "proxies", "seed", "seconds", "server", "share"], _shares));
        folder.Write("percentiles.csv", CsvTable.Write(["contender", "load", "proxies", "seconds", "p99", "errors"], _percentiles));
    }

    private void Write(double load, int proxies)
    {
        string where = string.Create(CultureInfo.InvariantCulture, $"load{load:0.####}-proxies{proxies}");
        string title = string.Create(
            CultureInfo.InvariantCulture, $"{options.Name}: load {load:0.####}, {proxies} {(proxies == 1 ? "proxy" : "proxies")}");
        List<ChartSeries> distributions = [], percentiles = [];
        foreach (Contender contender in options.Contenders)
        {
            CellResult[] runs = [.. results.Where(r => r.IsValid && r.Cell.IsAt(contender, load, proxies))];
            if (runs.Length == 0)
            {
                continue;
            }
            (PlannedRequest Planned, RequestOutcome Outcome)[][] requests = [.. runs.Select(r => r.ReadRequests(folder).ToArray())];
            distributions.Add(Distribution(contender.Name, requests.SelectMany(r => r)));
            percentiles.Add(Percentiles(contender.Name, load, proxies, [.. requests.SelectMany(r => r)]));
            WriteShares(contender.Name, runs[0].Cell, requests[0], $"{title}: {contender.Name}", $"shares-{where}-{contender.Name}.svg");
        }
        if (distributions.Count == 0)
        {
            return;
        }
        folder.Write($"latency-{where}.svg", SvgLineChart.Render(
            new LineChart($"{title}: latency", "seconds", "share of requests answered") { Series = distributions }));
        folder.Write($"p99-{where}.svg", SvgLineChart.Render(
            new LineChart($"{title}: 99th percentile", "seconds of the run", "seconds") { Series = percentiles }));
    }

    private ChartSeries Distribution(string name, IEnumerable<(PlannedRequest Planned, RequestOutcome Outcome)> requests)
    {
        double warm = options.Load.WarmUp.TotalSeconds;
        double[] sorted = [.. requests.Where(r => r.Planned.Due / 1e9 >= warm && r.Outcome.IsSuccess)
            .Select(r => r.Outcome.Latency / 1e9).Order()];
        return new ChartSeries(name, sorted.Length == 0 ? [] : [.. Enumerable.Range(0, Points).Select(k =>
        {
            double share = Last * k / (Points - 1);
            return new ChartPoint(sorted[(int)(share * (sorted.Length - 1))], share);
        })]);
    }

    private ChartSeries Percentiles(
        string name, double load, int proxies, IReadOnlyList<(PlannedRequest Planned, RequestOutcome Outcome)> requests)
    {
        double width = options.Window.TotalSeconds;
        List<ChartPoint> points = [];
        foreach (var window in requests.GroupBy(r => (int)(r.Planned.Due / 1e9 / width)).OrderBy(g => g.Key))
        {
            double? p99 = EventFigures.P99([.. window.Select(r => (0.0, r.Outcome))], 0, 1);
            double middle = (window.Key + 0.5) * width;
            _percentiles.Add([name, load, proxies, middle, p99, window.Count(r => !r.Outcome.IsSuccess)]);
            if (p99 is { } seconds)
            {
                points.Add(new ChartPoint(middle, seconds));
            }
        }
        return new ChartSeries(name, points);
    }

    /// <summary>Of the first seed: which share of the answers of a second each server gave.</summary>
    private void WriteShares(
        string name, TestbedCell cell, IReadOnlyList<(PlannedRequest Planned, RequestOutcome Outcome)> requests, string title, string file)
    {
        int servers = options.Servers.Slots.Count;
        List<ChartPoint>[] curves = [.. Enumerable.Range(0, servers).Select(_ => new List<ChartPoint>())];
        var windows = requests.Where(r => r.Outcome.Server >= 0).GroupBy(r => (int)(r.Planned.Due / 1e9 / ShareWindow));
        foreach (var window in windows.OrderBy(g => g.Key))
        {
            double middle = (window.Key + 0.5) * ShareWindow;
            for (int s = 0; s < servers; s++)
            {
                double share = window.Count(r => r.Outcome.Server == s) / (double)window.Count();
                curves[s].Add(new ChartPoint(middle, share));
                _shares.Add([name, cell.Load, cell.Proxies, cell.Seed, middle, s, share]);
            }
        }
        folder.Write(file, SvgLineChart.Render(new LineChart(title, "seconds of the run", "share of answers")
        {
            Series = [.. curves.Select((points, s) => new ChartSeries($"server {s}", points))],
        }));
    }
}
