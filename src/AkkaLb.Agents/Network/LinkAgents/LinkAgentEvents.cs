using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>What a link agent reports to its network.</summary>
public static class LinkAgentEvents
{
    /// <summary>The agent is at the start of the block that the policy is to play.</summary>
    public sealed record PolicyAdopted(LinkId Link, int Round) : ILinkAgentMessage;

    /// <summary>The agent chose actions by itself and changed its weights; one of each for every lane.</summary>
    public sealed record WeightsDecided(
        LinkId Link, int Round, LinkObservation[] Observations, Decision[] Decisions, double[] Weights, HorizonTraffic Traffic)
        : ILinkAgentMessage;

    /// <summary>The agent computed its logits, A for every lane, and leaves the choices to the team.</summary>
    public sealed record LogitsComputed(
        LinkId Link, int Round, LinkObservation[] Observations, float[] Logits, HorizonTraffic Traffic) : ILinkAgentMessage;

    /// <summary>The agent has looked its state up, for a team that switches together.</summary>
    public sealed record StateCompared(LinkId Link, int Round, int Iteration, bool IsFamiliar) : ILinkAgentMessage;

    /// <summary>The agent took the actions that the team chose.</summary>
    /// <param name="Weights">In each lane.</param>
    public sealed record ActionsTaken(LinkId Link, int Round, double[] Weights) : ILinkAgentMessage;

    /// <summary>The agent's last observations of its episodes, one for every lane.</summary>
    public sealed record EpisodesClosed(LinkId Link, int Round, LinkObservation[] Observations) : ILinkAgentMessage;

    /// <summary>All that the agent decided is stored.</summary>
    /// <param name="Memory">What its memory saved; null without memory.</param>
    public sealed record EpisodesStored(LinkId Link, int Round, byte[]? Memory) : ILinkAgentMessage;

    /// <summary>The agent crashed and was restarted: it has lost its policy and its part of the block of episodes.</summary>
    public sealed record LinkAgentRestarted(LinkId Link) : ILinkAgentMessage;

    /// <summary>The agent can go on no more, and the run with it.</summary>
    /// <param name="Reason">One line.</param>
    public sealed record LinkAgentFailed(LinkId Link, string Reason) : ILinkAgentMessage;
}

/// <summary>What an agent's horizon took, in each lane.</summary>
/// <param name="Exchanges">Exchanges that it made, 0 … K.</param>
/// <param name="States">Hidden states that were sent to it.</param>
/// <param name="Requests">Requests for them that it sent.</param>
public readonly record struct HorizonTraffic(int Exchanges, int States, int Requests);
