using AkkaLb.Runtime.Plots;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>Φ over episodes: mean and range of groups of episodes, with the baselines as lines.</summary>
internal static class PhiPlot
{
    private const int MaxPoints = 200;

    public static string Render(NetworkExperiment experiment, NetworkSummary summary, IReadOnlyList<EpisodeReport> episodes)
    {
        int width = Math.Max(1, (episodes.Count + MaxPoints - 1) / MaxPoints);
        EpisodeReport[][] groups = [.. episodes.Chunk(width)];
        List<ChartLevel> levels = [new("ECMP shortest", summary.Baselines.EcmpShortestHop)];
        if (summary.Baselines.Ecmp is { } ecmp)
        {
            levels.Insert(0, new ChartLevel("ECMP", ecmp));
        }
        if (summary.Baselines.Ucmp is { } ucmp)
        {
            levels.Add(new ChartLevel("UCMP", ucmp));
        }
        if (summary.Baselines.Genetic is { } genetic)
        {
            levels.Add(new ChartLevel("genetic", genetic));
        }
        string measure = ObjectiveNames.Of(experiment.Resolved.GetString(NetworkRun.ObjectiveKey));
        return SvgLineChart.Render(new LineChart(
            $"{summary.Method} on {experiment.Name}, seed {summary.Seed}", "episode", $"{measure} after the last horizon")
        {
            Bands = [new ChartBand(
                $"lowest to highest of {width} episodes",
                [.. groups.Select(g => new ChartRange(Middle(g), g.Min(e => e.Phi), g.Max(e => e.Phi)))])],
            Series = [new ChartSeries($"mean of {width} episodes", [.. groups.Select(g => new ChartPoint(Middle(g), g.Average(e => e.Phi)))])],
            Levels = levels,
        });
    }

    private static double Middle(EpisodeReport[] group) => (group[0].Episode + group[^1].Episode) / 2.0;
}
