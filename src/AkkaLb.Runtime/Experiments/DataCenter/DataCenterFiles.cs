using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Runtime.Plots;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Tables and plots of a comparison of policies.</summary>
internal static class DataCenterFiles
{
    // As many curves as the charts have colours.
    private const int MostCurves = 7;
    private const int PointsPerCurve = 200;

    /// <summary>A row for each policy and repetition; times in seconds, empty without jobs.</summary>
    public static string ToCsv(IReadOnlyList<PolicyTally> tallies, DataCenterModel model)
    {
        string[] times = ["meanTct", "p50", "p90", "p95", "p99", "rejectShare"];
        string[] served = ["goodput", "servedMeanTct", "servedP50", "servedP90", "servedP95", "servedP99"];
        string[] failures = model.Failures.IsOn
            ? ["timeOuts", "refusals", "retries", "ejections", "unhealthy", "panics", "moved", "lost"] : [];
        return CsvTable.Write(
            ["policy", "repetition", .. times, "jain", "probesPerSecond",
                .. model.Traffic.Classes.SelectMany(c => times.Select(t => $"{t}_{c.Name}")), .. served,
                .. model.Traffic.Classes.SelectMany(c => served.Select(t => $"{t}_{c.Name}")), .. failures],
            tallies.SelectMany(tally => tally.Repetitions.Select((r, k) => (object?[])
                [tally.Policy, k, .. Times(r.All), r.Jain, r.Probes, .. r.Classes.SelectMany(Times), .. Served(r.All),
                    .. r.Classes.SelectMany(Served), .. Failures(r.Failures)])));

        static object?[] Failures(FailureMetrics? f) =>
            f is null ? [] : [f.TimeOuts, f.Refusals, f.Retries, f.Ejections, f.Unhealthy, f.Panics, f.Moved, f.Lost];

        static object?[] Served(CompletionMetrics? c) =>
            [c?.Goodput ?? 0, c?.Served?.MeanTct, c?.Served?.P50, c?.Served?.P90, c?.Served?.P95, c?.Served?.P99];

        static object?[] Times(CompletionMetrics? c) => [c?.MeanTct, c?.P50, c?.P90, c?.P95, c?.P99, c?.RejectShare];
    }

    /// <summary>Completion times and fairness of each policy over the time of the run; empty where there was nothing.</summary>
    public static string TimelineToCsv(IReadOnlyList<PolicyTally> tallies) => CsvTable.Write(
        ["policy", "seconds", "meanTct", "jain", "servedMeanTct", "goodput"],
        tallies.SelectMany(tally => Enumerable.Range(0, Timeline.Windows).Select(window => (object?[])
            [tally.Policy, tally.Timeline.Middle(window), tally.Timeline.MeanTct(window), tally.Timeline.Jain(window),
                tally.Timeline.ServedMeanTct(window), tally.Timeline.Goodput(window)])));

    /// <summary>Mean completion times over the time of sending, of the first policies.</summary>
    public static string PlotTimeline(string name, IReadOnlyList<PolicyTally> tallies) => PlotWindows(
        new LineChart($"{name}: task completion time over the run", "seconds", "mean of jobs sent then, seconds"),
        tallies, (timeline, window) => timeline.MeanTct(window));

    /// <summary>Jobs done, not rejected, per second over the time of sending, of the first policies.</summary>
    public static string PlotGoodput(string name, IReadOnlyList<PolicyTally> tallies) => PlotWindows(
        new LineChart($"{name}: jobs done over the run", "seconds", "jobs sent then and done, per second"),
        tallies, (timeline, window) => timeline.Goodput(window));

    private static string PlotWindows(LineChart chart, IReadOnlyList<PolicyTally> tallies, Func<Timeline, int, double?> value) =>
        SvgLineChart.Render(chart with
        {
            Series = [.. tallies.Take(MostCurves).Select(tally => new ChartSeries(
                tally.Policy,
                [.. Enumerable.Range(0, Timeline.Windows).Where(w => value(tally.Timeline, w) is not null).Select(
                    w => new ChartPoint(tally.Timeline.Middle(w), value(tally.Timeline, w)!.Value))])).Where(s => s.Points.Count > 0)],
        });

    /// <summary>What each load balancer thought of servers and when, in the first repetition of each policy.</summary>
    public static string StatesToCsv(IReadOnlyList<PolicyTally> tallies) => CsvTable.Write(
        ["policy", "seconds", "loadBalancer", "server", "state"],
        tallies.SelectMany(tally => tally.Failures
            .SelectMany((report, i) => report.Changes.Select(change => (LoadBalancer: i, Change: change)))
            .OrderBy(entry => entry.Change.Time)
            .Select(entry => (object?[])
                [tally.Policy, Ticks.ToSeconds(entry.Change.Time), entry.LoadBalancer, entry.Change.Server, Word(entry.Change.State)])));

    private static string Word(ServerState state) => state switch
    {
        ServerState.Unhealthy => "unhealthy",
        ServerState.Healthy => "healthy",
        ServerState.Ejected => "ejected",
        _ => "taken-back",
    };

    /// <summary>Jobs and remaining seconds of each server every half second, in the first repetition of each policy.</summary>
    public static string LoadsToCsv(IReadOnlyList<PolicyTally> tallies) => CsvTable.Write(
        ["policy", "seconds", "server", "jobs", "remainingSeconds"],
        tallies.SelectMany(tally => tally.Loads.SelectMany(sample => sample.Jobs.Select((jobs, j) => (object?[])
            [tally.Policy, Ticks.ToSeconds(sample.Time), j, jobs, sample.RemainingTimes[j]]))));

    /// <summary>The share of jobs done within a time, up to the 99th percentile, of the first policies; a rejected job takes 40 s
    /// more.</summary>
    public static string PlotCompletions(string name, IReadOnlyList<PolicyTally> tallies) =>
        PlotShares($"{name}: task completion time", tallies, tally => tally.Times);

    /// <summary>The same of the jobs that were not rejected.</summary>
    public static string PlotServed(string name, IReadOnlyList<PolicyTally> tallies) =>
        PlotShares($"{name}: task completion time without rejected jobs", tallies, tally => tally.ServedTimes);

    private static string PlotShares(string title, IReadOnlyList<PolicyTally> tallies, Func<PolicyTally, IReadOnlyList<double>> times) =>
        SvgLineChart.Render(new LineChart(title, "seconds", "share of jobs done")
        {
            Series = [.. tallies.Take(MostCurves).Where(t => times(t).Count > 0).Select(tally =>
            {
                double[] sorted = [.. times(tally).Order()];
                return new ChartSeries(tally.Policy, [.. Enumerable.Range(0, PointsPerCurve).Select(k =>
                {
                    double share = 0.99 * k / (PointsPerCurve - 1);
                    return new ChartPoint(Statistics.Quantile(sorted, share), share);
                })]);
            })],
        });

    /// <summary>The servers' remaining times under one policy, first repetition: curves of a few servers, mean and range of many.</summary>
    public static string PlotLoads(string name, PolicyTally tally)
    {
        LineChart chart = new($"{name}: work left on servers under {tally.Policy}", "seconds", "seconds of work left");
        int servers = tally.Loads.Count == 0 ? 0 : tally.Loads[0].Jobs.Length;
        return SvgLineChart.Render(servers <= MostCurves
            ? chart with
            {
                Series = [.. Enumerable.Range(0, servers).Select(j => new ChartSeries(
                    $"server {j}", [.. tally.Loads.Select(s => new ChartPoint(Ticks.ToSeconds(s.Time), s.RemainingTimes[j]))]))],
            }
            : chart with
            {
                Bands = [new ChartBand("least to most",
                    [.. tally.Loads.Select(s => new ChartRange(Ticks.ToSeconds(s.Time), s.RemainingTimes.Min(), s.RemainingTimes.Max()))])],
                Series = [new ChartSeries(
                    $"mean of {servers} servers",
                [.. tally.Loads.Select(s => new ChartPoint(Ticks.ToSeconds(s.Time), s.RemainingTimes.Average()))])],
            });
    }
}
