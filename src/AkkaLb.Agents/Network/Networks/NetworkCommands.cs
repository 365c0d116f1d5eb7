using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Networks;

public static class NetworkCommands
{
    /// <summary>All agents follow this policy from the next episode on.</summary>
    public sealed record FollowPolicy(PolicySnapshot Policy);

    /// <summary>Play one episode; answered by <see cref="NetworkEvents.EpisodePlayed"/>.</summary>
    public sealed record PlayEpisode(int Episode);
}
