using AkkaLb.Learning.DataCenter.Agents;

namespace AkkaLb.Learning.DataCenter.Replay;

/// <summary>One load balancer's part of a finished training episode, on its way to its learner. It is never written again.</summary>
public sealed class EpisodePart
{
    /// <param name="record">Of one member. Rewards are the whole agent's.</param>
    internal EpisodePart(EpisodeRecord record, long trajectoryBytes) => (Record, TrajectoryBytes) = (record, trajectoryBytes);

    /// <summary>What it sends to a central learner, as <see cref="CentralTraffic"/> counts; 0 where the learner is the load balancer's own.</summary>
    public long TrajectoryBytes { get; }

    internal EpisodeRecord Record { get; }
}
