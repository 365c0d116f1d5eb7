using AkkaLb.Learning.DataCenter.Agents;

namespace AkkaLb.Learning.DataCenter.Replay;

/// <summary>One load balancer's part of a finished training episode, on its way to its learner. It is never written again.</summary>
public sealed class EpisodePart
{
    /// <param name="record">Of one member. Rewards are the whole agent's.</param>
    internal EpisodePart(EpisodeRecord record, long trajectoryBytes) => (Record, TrajectoryBytes) = (record, trajectoryBytes);

    /// <summary>A part that came over a wire or from a disk.</summary>
    /// <param name="features">[H + 1, features], raw.</param>
    /// <param name="actions">[H, heads]: indices of levels.</param>
    /// <param name="rewards">[H].</param>
    public EpisodePart(float[] features, float[] actions, float[] rewards, long trajectoryBytes)
        : this(new EpisodeRecord(rewards.Length, features, actions, rewards), trajectoryBytes)
    {
    }

    public ReadOnlySpan<float> Features => Record.Features;

    public ReadOnlySpan<float> Actions => Record.Actions;

    public ReadOnlySpan<float> Rewards => Record.Rewards;

    /// <summary>
    /// What it sends to a central learner, as <see cref="CentralTraffic"/> counts; 0 where the learner is the load balancer's own.
    /// </summary>
    public long TrajectoryBytes { get; }

    /// <summary>
    /// Where the reward is common to several load balancers that were apart: what this one has seen. <see cref="Rewards"/> are 0 then.
    /// </summary>
    public TeamLoads? Team { get; init; }

    internal EpisodeRecord Record { get; }
}

/// <summary>The loads that a load balancer has seen after each of its decisions, of which a common reward is made.</summary>
/// <param name="Loads">[H, servers], the statistic that the reward is of; seconds.</param>
/// <param name="Available">[H, servers], the servers that it might use.</param>
public sealed record TeamLoads(float[] Loads, bool[] Available);
