using Akka.Actor;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Agents.Network.Networks;

public static class NetworkEvents
{
    /// <param name="Trajectories">In the order of their numbers.</param>
    public sealed record EpisodesPlayed(IReadOnlyList<EpisodeTrajectory> Trajectories) : INoSerializationVerificationNeeded;

    /// <summary>All agents have stored what they decided; the block is closed when it was whole.</summary>
    /// <param name="Memory">What the team remembers; null without memories.</param>
    public sealed record EpisodesStored(TeamMemory? Memory) : INoSerializationVerificationNeeded;

    /// <summary>The network crashed and was restarted, and all its agents with it: it follows no policy.</summary>
    public sealed record NetworkRestarted : INoSerializationVerificationNeeded
    {
        public static NetworkRestarted Instance { get; } = new();
    }

    /// <summary>The episodes cannot be finished.</summary>
    /// <param name="Episode">The first of them.</param>
    /// <param name="Reason">One line.</param>
    public sealed record EpisodeFailed(int Episode, string Reason) : INoSerializationVerificationNeeded;
}
