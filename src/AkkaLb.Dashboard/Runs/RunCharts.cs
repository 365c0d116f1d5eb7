using AkkaLb.Runtime.Plots;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Dashboard.Runs;

/// <summary>Charts of what runs have written down.</summary>
internal static class RunCharts
{
    private const int MaxPoints = 400, MostCurves = 7;

    /// <summary>The chart that a run of no episodes is about; null where it has written nothing yet.</summary>
    public static LineChart? Of(RunFiles run) => run.Family == "game" ? Levels(run) : Completion(run);

    /// <summary>Lowest and highest level of a game's servers, and the one that they go to.</summary>
    /// <exception cref="Domain.InvalidInputException">The run's instance is not as expected.</exception>
    public static LineChart? Levels(RunFiles run)
    {
        if (run.Table(RunFolder.RoundsFile) is not { } rounds)
        {
            return null;
        }
        double[] level = GameLevels.Of(run, rounds);
        return new LineChart("Levels of the servers", "round or step", "load over rate")
        {
            Series =
            [
                Curve("highest", rounds, "round", "highestLevel"), Curve("lowest", rounds, "round", "lowestLevel"),
                .. level.Length == 0 ? Array.Empty<ChartSeries>() :
                    [new ChartSeries("water level",
                        Thin([.. rounds.Numbers("round").Zip(level, (at, value) => new ChartPoint(at, value))]))],
            ],
        };
    }

    /// <summary>Total load, or the loads of a few servers.</summary>
    public static LineChart? Loads(RunFiles run)
    {
        if (run.Table(RunFolder.RoundsFile) is not { } rounds)
        {
            return null;
        }
        string[] servers = [.. rounds.Names.Where(name => name.StartsWith("load", StringComparison.Ordinal))];
        return new LineChart("Loads", "round or step", "units of work")
        {
            Series = servers.Length is > 0 and <= MostCurves
                ? [.. servers.Select(server => Curve(server.Replace("load", "server "), rounds, "round", server))]
                : [Curve("total", rounds, "round", "totalLoad")],
        };
    }

    /// <summary>Mean completion times over the time of a data centre's run.</summary>
    public static LineChart? Completion(RunFiles run) => run.Table(RunFolder.TimelineFile) is not { } timeline ? null
        : new LineChart("Completion time over the run", "seconds", "mean of the jobs sent then, seconds")
        {
            Series = ByName(timeline, "policy", "seconds", "meanTct"),
        };

    /// <summary>Jobs at the servers under one policy.</summary>
    public static LineChart? ServerLoads(RunFiles run, string policy)
    {
        if (run.Table(RunFolder.LoadsFile) is not { } loads)
        {
            return null;
        }
        int of = loads.Place("policy"), server = loads.Place("server");
        var rows = Enumerable.Range(0, loads.Count).Where(row => loads[row, of] == policy)
            .Select(row => (Server: loads[row, server], At: loads.Number(row, "seconds"), Jobs: loads.Number(row, "jobs")))
            .GroupBy(row => row.Server).ToArray();
        return new LineChart($"Jobs at the servers under {policy}", "seconds", "jobs")
        {
            Series = rows.Length <= MostCurves
                ? [.. rows.Select(group => new ChartSeries(
                    $"server {group.Key}", Thin([.. group.Select(row => new ChartPoint(row.At, row.Jobs))])))]
                :
                [
                    Over("most", jobs => jobs.Max()), Over("mean", jobs => jobs.Average()), Over("fewest", jobs => jobs.Min()),
                ],
        };

        ChartSeries Over(string label, Func<IEnumerable<double>, double> figure) => new(label, Thin(
        [
            .. rows.SelectMany(group => group).GroupBy(row => row.At).OrderBy(moment => moment.Key)
                .Select(moment => new ChartPoint(moment.Key, figure(moment.Select(row => row.Jobs)))),
        ]));
    }

    private static ChartSeries[] ByName(CsvColumns table, string name, string x, string y)
    {
        int column = table.Place(name);
        return
        [
            .. Enumerable.Range(0, table.Count).GroupBy(row => table[row, column]).Take(MostCurves).Select(group => new ChartSeries(
                group.Key,
                [.. group.Select(row => new ChartPoint(table.Number(row, x), table.Number(row, y))).Where(
                    point => double.IsFinite(point.Y))])),
        ];
    }

    private static ChartSeries Curve(string label, CsvColumns table, string x, string y) => new(
        label, Thin([.. table.Numbers(x).Zip(table.Numbers(y), (at, value) => new ChartPoint(at, value)).Where(
            point => double.IsFinite(point.Y))]));

    private static ChartPoint[] Thin(ChartPoint[] points)
    {
        int stride = Math.Max(1, (points.Length + MaxPoints - 1) / MaxPoints);
        return [.. points.Where((_, i) => i % stride == 0 || i == points.Length - 1)];
    }
}
