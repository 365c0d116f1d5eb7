using Akka.Actor;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Network.Learners;

public static class LearnerCommands
{
    /// <summary>Publish the policy that holds now; answered by <see cref="LearnerEvents.PolicyPublished"/>.</summary>
    public sealed record PublishPolicy : INoSerializationVerificationNeeded
    {
        public static PublishPolicy Instance { get; } = new();
    }

    /// <summary>
    /// Learn from a block of episodes; answered by <see cref="LearnerEvents.PolicyPublished"/>, or by <see
    /// cref="LearnerEvents.LearningStopped"/>.
    /// </summary>
    /// <param name="Block">Whole: as many as an update takes.</param>
    /// <param name="Memory">What the team remembers after it; null without memories.</param>
    public sealed record Learn(IReadOnlyList<EpisodeTrajectory> Block, TeamMemory? Memory) : INoSerializationVerificationNeeded;

    /// <summary>Nothing more is to be learnt; answered by <see cref="LearnerEvents.MemoryTaken"/>.</summary>
    /// <param name="Memory">What the team remembers at the end.</param>
    public sealed record TakeMemory(TeamMemory Memory) : INoSerializationVerificationNeeded;

    /// <summary>
    /// All that led to the policy is stored: write down how the run stands, perhaps with a checkpoint; answered by
    /// <see cref="LearnerEvents.PolicyKept"/>.
    /// </summary>
    public sealed record KeepPolicy : INoSerializationVerificationNeeded
    {
        public static KeepPolicy Instance { get; } = new();
    }
}
