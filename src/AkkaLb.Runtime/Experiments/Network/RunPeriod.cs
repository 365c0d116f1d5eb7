using AkkaLb.Domain.Network;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>A training period: the flows and links of one moment, learnt with the networks of the period before.</summary>
/// <param name="Start">Its moment in ms.</param>
/// <param name="FirstEpisode">Number of its first episode.</param>
/// <param name="Episodes">Episodes finished in it.</param>
/// <param name="Flows">Active flows.</param>
/// <param name="Unroutable">Of these, those without a path; they load nothing.</param>
/// <param name="LinksDown">Links that are down.</param>
/// <param name="Ecmp">Φ before the first horizon of an episode, with the initial weights.</param>
/// <param name="Phi">Mean final-horizon Φ of its last <see cref="SettledEpisodes"/> episodes (of all, when there are fewer).</param>
/// <param name="PhiBest">Lowest final-horizon Φ of its episodes.</param>
/// <param name="EpisodesToSettle">
/// Episodes until the mean Φ of the last <see cref="Window"/> was for the first time at most <see cref="SettledRatio"/> times
/// <see cref="Phi"/>; null if it has fewer episodes than that.
/// </param>
public sealed record RunPeriod(
    long Start, int FirstEpisode, int Episodes, int Flows, int Unroutable, int LinksDown, double Ecmp, double Phi, double PhiBest,
    int? EpisodesToSettle)
{
    public const int SettledEpisodes = 500, Window = 25;
    public const double SettledRatio = 1.1;

    /// <summary>The periods that have episodes, of a run's episodes in order.</summary>
    internal static IReadOnlyList<RunPeriod> Of(ScenarioSchedule scenarios, IReadOnlyList<EpisodeReport> episodes) =>
        [.. episodes.GroupBy(e => scenarios.PeriodOf(e.Episode)).Select(group => Of(scenarios, group.Key, [.. group]))];

    private static RunPeriod Of(ScenarioSchedule scenarios, int period, EpisodeReport[] episodes)
    {
        NetworkScenario scenario = scenarios.Of(period);
        double settled = episodes[Math.Max(0, episodes.Length - SettledEpisodes)..].Average(e => e.Phi);
        return new RunPeriod(
            scenarios.Starts[period],
            episodes[0].Episode,
            episodes.Length,
            scenario.Router.Count,
            scenario.CountUnroutable(),
            scenario.Topology.LinkCount - scenario.Up.Count,
            episodes[0].PhiStart,
            settled,
            episodes.Min(e => e.Phi),
            FirstWithin(SettledRatio * settled, episodes));
    }

    private static int? FirstWithin(double limit, EpisodeReport[] episodes)
    {
        for (int end = Window; end <= episodes.Length; end++)
        {
            if (episodes[(end - Window)..end].Average(e => e.Phi) <= limit)
            {
                return end;
            }
        }
        return null;
    }
}
