using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Network.Networks;

public static class NetworkEvents
{
    /// <param name="MessagesSent">Hidden states that the link agents sent, those of repeated horizons included.</param>
    public sealed record EpisodePlayed(EpisodeTrajectory Trajectory, long MessagesSent);

    /// <summary>The episode cannot be finished.</summary>
    /// <param name="Reason">One line.</param>
    public sealed record EpisodeFailed(int Episode, string Reason);
}
