using System.Globalization;
using System.Text;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Runtime.Plots;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Tables and plots of a comparison of policies.</summary>
internal static class DataCenterFiles
{
    // As many curves as the charts have colours.
    private const int MostCurves = 7;
    private const int PointsPerCurve = 200;

    /// <summary>A row for each policy and repetition; times in seconds.</summary>
    public static string ToCsv(IReadOnlyList<PolicyTally> tallies, DataCenterModel model)
    {
        StringBuilder csv = new("policy,repetition,meanTct,p50,p90,p95,p99,rejectShare,jain,probesPerSecond");
        foreach (string name in model.Traffic.Classes.Select(c => c.Name))
        {
            csv.Append(CultureInfo.InvariantCulture, $",meanTct_{name}");
        }
        csv.Append('\n');
        foreach (PolicyTally tally in tallies)
        {
            foreach ((RepetitionMetrics r, int k) in tally.Repetitions.Select((r, k) => (r, k)))
            {
                csv.Append(CultureInfo.InvariantCulture, $"{tally.Policy},{k},{r.MeanTct},{r.P50},{r.P90},{r.P95},{r.P99},{r.RejectShare},{r.Jain},{r.Probes}");
                foreach (double mean in r.ClassMeans)
                {
                    csv.Append(CultureInfo.InvariantCulture, $",{mean}");
                }
                csv.Append('\n');
            }
        }
        return csv.ToString();
    }

    /// <summary>Jobs and remaining seconds of each server every half second, in the first repetition of each policy.</summary>
    public static string LoadsToCsv(IReadOnlyList<PolicyTally> tallies)
    {
        StringBuilder csv = new("policy,seconds,server,jobs,remainingSeconds\n");
        foreach (PolicyTally tally in tallies)
        {
            foreach (LoadSample sample in tally.Loads)
            {
                for (int j = 0; j < sample.Jobs.Length; j++)
                {
                    csv.Append(CultureInfo.InvariantCulture, $"{tally.Policy},{Ticks.ToSeconds(sample.Time)},{j},{sample.Jobs[j]},{sample.RemainingTimes[j]}\n");
                }
            }
        }
        return csv.ToString();
    }

    /// <summary>The share of jobs done within a time, up to the 99th percentile, of the first policies.</summary>
    public static string PlotCompletions(string name, IReadOnlyList<PolicyTally> tallies) => SvgLineChart.Render(
        new LineChart($"{name}: task completion time", "seconds", "share of jobs done")
        {
            Series = [.. tallies.Take(MostCurves).Where(t => t.Times.Count > 0).Select(tally =>
            {
                double[] sorted = [.. tally.Times.Order()];
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
                Bands = [new ChartBand("least to most", [.. tally.Loads.Select(s => new ChartRange(Ticks.ToSeconds(s.Time), s.RemainingTimes.Min(), s.RemainingTimes.Max()))])],
                Series = [new ChartSeries($"mean of {servers} servers", [.. tally.Loads.Select(s => new ChartPoint(Ticks.ToSeconds(s.Time), s.RemainingTimes.Average()))])],
            });
    }
}
