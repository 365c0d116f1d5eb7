using Akka.Actor;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Networks;

public static class NetworkCommands
{
    /// <summary>All agents follow this policy from the next episode on; a block of episodes begins.</summary>
    /// <param name="Memory">What the team remembers at its start; null without memories.</param>
    /// <param name="Recalled">
    /// What the learner changed in the agents' memories in the update that led to it, link by link; null: nothing.
    /// </param>
    public sealed record FollowPolicy(PolicySnapshot Policy, TeamMemory? Memory = null, IReadOnlyList<byte[]>? Recalled = null)
        : INoSerializationVerificationNeeded;

    /// <summary>Play episodes side by side; answered by <see cref="NetworkEvents.EpisodesPlayed"/>.</summary>
    /// <param name="First">Number of the first one, of the block.</param>
    /// <param name="Count">From 1 to <see cref="NetworkLanes.Most"/>.</param>
    public sealed record PlayEpisodes(int First, int Count) : INoSerializationVerificationNeeded;

    /// <summary>Have agents store what they decided; answered by <see cref="NetworkEvents.EpisodesStored"/>.</summary>
    /// <param name="Until">Number of the episode after the last one.</param>
    public sealed record StoreEpisodes(int Until) : INoSerializationVerificationNeeded;

    /// <summary>The run can go on from here in another process: agents keep what shortens their recovery.</summary>
    public sealed record KeepSnapshots : INoSerializationVerificationNeeded
    {
        public static KeepSnapshots Instance { get; } = new();
    }

    /// <summary>All agents are there; the block is played again if one is at play.</summary>
    /// <param name="New">Links whose agents have adopted no policy yet.</param>
    /// <param name="Placement">For <see cref="ILinkAgentTeam.Use"/>.</param>
    public sealed record UseAgents(IReadOnlyList<int> New, AgentPlacement Placement) : INoSerializationVerificationNeeded;

    /// <summary>Some agents are gone: nothing goes on until <see cref="UseAgents"/>.</summary>
    public sealed record AwaitAgents : INoSerializationVerificationNeeded
    {
        public static AwaitAgents Instance { get; } = new();
    }
}
