using AkkaLb.Domain.DataCenter;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.DataCenter.Learners;

public static class LearnerCommands
{
    /// <summary>A load balancer's part of an episode that has ended. With the last part its learner learns.</summary>
    public sealed record TakeEpisode(LoadBalancerId LoadBalancer, EpisodePart Part);

    /// <summary>Tell when every learner has learnt from the episode; answered by one of <see cref="LearnerEvents"/>.</summary>
    public sealed record AwaitLearning
    {
        public static AwaitLearning Instance { get; } = new();
    }
}
