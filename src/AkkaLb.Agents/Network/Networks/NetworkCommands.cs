using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Networks;

public static class NetworkCommands
{
    /// <summary>All agents follow this policy from the next episode on.</summary>
    public sealed record FollowPolicy(PolicySnapshot Policy);

    /// <summary>Play episodes side by side; answered by <see cref="NetworkEvents.EpisodesPlayed"/>.</summary>
    /// <param name="First">Number of the first one.</param>
    /// <param name="Count">From 1 to <see cref="NetworkLanes.Most"/>.</param>
    public sealed record PlayEpisodes(int First, int Count);
}
