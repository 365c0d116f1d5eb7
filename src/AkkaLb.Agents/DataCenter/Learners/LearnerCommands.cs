using System.Collections.Immutable;
using Akka.Actor;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.DataCenter.Learners;

/// <summary>What learners are told; they stay in one process with whoever trains.</summary>
public static class LearnerCommands
{
    /// <summary>Learn from an episode that all its agents have stored; answered by one of <see cref="LearnerEvents"/>.</summary>
    /// <param name="Parts">Of the load balancers that learn from it together, or of all of them, in their order.</param>
    public sealed record LearnEpisode(ImmutableArray<EpisodePart> Parts) : INoSerializationVerificationNeeded;
}
