using Akka.Actor;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Learners;

public static class LearnerEvents
{
    /// <summary>The policy to follow from now on.</summary>
    /// <param name="Memory">What the team remembers when it begins to follow it; null without memories.</param>
    /// <param name="IsUpdate">Whether it was learnt just now.</param>
    /// <param name="Recalled">What the update changed in the agents' memories, link by link; null: nothing.</param>
    public sealed record PolicyPublished(PolicySnapshot Policy, TeamMemory? Memory, bool IsUpdate, IReadOnlyList<byte[]>? Recalled = null)
        : INoSerializationVerificationNeeded;

    /// <param name="IsCheckpoint">Whether the run can go on from here in another process.</param>
    public sealed record PolicyKept(bool IsCheckpoint) : INoSerializationVerificationNeeded;

    public sealed record MemoryTaken : INoSerializationVerificationNeeded
    {
        public static MemoryTaken Instance { get; } = new();
    }

    /// <summary>Learning was cancelled; the learner is as it was after the last whole update.</summary>
    public sealed record LearningStopped : INoSerializationVerificationNeeded
    {
        public static LearningStopped Instance { get; } = new();
    }
}
