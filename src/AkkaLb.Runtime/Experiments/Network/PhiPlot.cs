using AkkaLb.Runtime.Plots;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>Φ over episodes: mean and range of groups of episodes, with the baselines as lines.</summary>
public static class PhiPlot
{
    private const int MaxPoints = 200;

    internal static string Render(NetworkExperiment experiment, NetworkSummary summary, IReadOnlyList<EpisodeReport> episodes) =>
        SvgLineChart.Render(Chart(
            $"{summary.Method} on {experiment.Name}, seed {summary.Seed}",
            ObjectiveNames.Of(experiment.Resolved.GetString(NetworkRun.ObjectiveKey)), summary.Baselines,
            [.. episodes.Select(e => e.Phi)]));

    /// <param name="measure">What Φ is called.</param>
    /// <param name="baselines">Null: not known yet.</param>
    /// <param name="phi">After the last horizon of each episode, from the first one on.</param>
    public static LineChart Chart(string title, string measure, RunBaselines? baselines, IReadOnlyList<double> phi)
    {
        int width = Math.Max(1, (phi.Count + MaxPoints - 1) / MaxPoints);
        (double Middle, double[] Phi)[] groups = [.. phi.Chunk(width).Select((group, k) => (k * width + (group.Length - 1) / 2.0, group))];
        return new LineChart(title, "episode", $"{measure} after the last horizon")
        {
            Bands = [new ChartBand(
                $"lowest to highest of {width} episodes", [.. groups.Select(g => new ChartRange(g.Middle, g.Phi.Min(), g.Phi.Max()))])],
            Series = [new ChartSeries(width == 1 ? "each episode" : $"mean of {width} episodes",
                [.. groups.Select(g => new ChartPoint(g.Middle, g.Phi.Average()))])],
            Levels = baselines is null ? [] : [.. Levels(baselines)],
        };
    }

    private static IEnumerable<ChartLevel> Levels(RunBaselines baselines)
    {
        (string Label, double? Value)[] all =
        [
            ("ECMP", baselines.Ecmp), ("ECMP shortest", baselines.EcmpShortestHop), ("UCMP", baselines.Ucmp),
            ("genetic", baselines.Genetic),
        ];
        return all.Where(level => level.Value is not null).Select(level => new ChartLevel(level.Label, level.Value!.Value));
    }
}
