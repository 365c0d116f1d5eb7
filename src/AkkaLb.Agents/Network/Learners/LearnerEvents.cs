using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Learners;

public static class LearnerEvents
{
    /// <summary>The policy to follow from now on.</summary>
    public sealed record PolicyPublished(PolicySnapshot Policy);

    /// <summary>Learning was cancelled; the learner is as it was after the last whole update.</summary>
    public sealed record LearningStopped
    {
        public static LearningStopped Instance { get; } = new();
    }
}
