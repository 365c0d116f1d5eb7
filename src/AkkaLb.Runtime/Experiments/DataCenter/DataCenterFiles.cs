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
            csv.Append(CultureInfo.InvariantCulture, $",meanTct_{name},p50_{name},p90_{name},p95_{name},p99_{name},rejectShare_{name}");
        }
        csv.Append('\n');
        foreach (PolicyTally tally in tallies)
        {
            foreach ((RepetitionMetrics r, int k) in tally.Repetitions.Select((r, k) => (r, k)))
            {
                csv.Append(CultureInfo.InvariantCulture, $"{tally.Policy},{k}");
                Append(r.All);
                csv.Append(CultureInfo.InvariantCulture, $",{r.Jain},{r.Probes}");
                foreach (CompletionMetrics completions in r.Classes)
                {
                    Append(completions);
                }
                csv.Append('\n');
            }
        }
        return csv.ToString();

        void Append(CompletionMetrics c) => csv.Append(CultureInfo.InvariantCulture, $",{c.MeanTct},{c.P50},{c.P90},{c.P95},{c.P99},{c.RejectShare}");
    }

    /// <summary>Completion times and fairness of each policy over the time of the run; empty where there was nothing.</summary>
    public static string TimelineToCsv(IReadOnlyList<PolicyTally> tallies)
    {
        StringBuilder csv = new("policy,seconds,meanTct,jain\n");
        foreach (PolicyTally tally in tallies)
        {
            for (int window = 0; window < Timeline.Windows; window++)
            {
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"{tally.Policy},{tally.Timeline.Middle(window)},{tally.Timeline.MeanTct(window)},{tally.Timeline.Jain(window)}\n");
            }
        }
        return csv.ToString();
    }

    /// <summary>Mean completion times over the time of sending, of the first policies.</summary>
    public static string PlotTimeline(string name, IReadOnlyList<PolicyTally> tallies) => SvgLineChart.Render(
        new LineChart($"{name}: task completion time over the run", "seconds", "mean of jobs sent then, seconds")
        {
            Series = [.. tallies.Take(MostCurves).Select(tally => new ChartSeries(
                tally.Policy,
                [.. Enumerable.Range(0, Timeline.Windows).Where(w => tally.Timeline.MeanTct(w) is not null).Select(
                    w => new ChartPoint(tally.Timeline.Middle(w), tally.Timeline.MeanTct(w)!.Value))])).Where(s => s.Points.Count > 0)],
        });

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
