using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Learners;

public static class LearnerEvents
{
    /// <summary>The policy to follow from now on.</summary>
    public sealed record PolicyPublished(PolicySnapshot Policy);
}
