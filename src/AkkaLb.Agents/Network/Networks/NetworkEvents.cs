using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Network.Networks;

public static class NetworkEvents
{
    /// <param name="Trajectories">In the order of their numbers.</param>
    /// <param name="MessagesSent">Hidden states that the link agents sent for each of them, those of repeated horizons included.</param>
    public sealed record EpisodesPlayed(IReadOnlyList<EpisodeTrajectory> Trajectories, long MessagesSent);

    /// <summary>The episodes cannot be finished.</summary>
    /// <param name="Episode">The first of them.</param>
    /// <param name="Reason">One line.</param>
    public sealed record EpisodeFailed(int Episode, string Reason);
}
