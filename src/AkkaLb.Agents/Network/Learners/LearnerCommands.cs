using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Network.Learners;

public static class LearnerCommands
{
    /// <summary>Publish the policy that holds now; answered by <see cref="LearnerEvents.PolicyPublished"/>.</summary>
    public sealed record PublishPolicy
    {
        public static PublishPolicy Instance { get; } = new();
    }

    /// <summary>
    /// An episode to learn from. The one that completes a block of <see cref="NetworkLearningOptions.EpisodesPerUpdate"/>
    /// starts an update, whose policy is published to its sender.
    /// </summary>
    public sealed record CollectTrajectory(EpisodeTrajectory Trajectory);
}
