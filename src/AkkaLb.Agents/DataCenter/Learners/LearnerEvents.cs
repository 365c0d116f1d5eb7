using Akka.Actor;
using AkkaLb.Learning.DataCenter.Learners;

namespace AkkaLb.Agents.DataCenter.Learners;

public static class LearnerEvents
{
    /// <summary>One learner has taken an episode and learnt from it.</summary>
    /// <param name="Statistics">Null while warming up.</param>
    /// <param name="Version">Of the policy from now on: gradient steps made.</param>
    /// <param name="TrajectoryBytes">That load balancers sent to a central learner; 0 for a load balancer's own.</param>
    public sealed record EpisodeLearnt(LearnerStatistics? Statistics, long Version, long TrajectoryBytes)
        : INoSerializationVerificationNeeded;

    /// <param name="Learners">In their order.</param>
    public sealed record TeamLearnt(IReadOnlyList<EpisodeLearnt> Learners) : INoSerializationVerificationNeeded;

    /// <param name="Reason">One line.</param>
    public sealed record LearningFailed(string Reason) : INoSerializationVerificationNeeded;
}
