using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>What a link agent reports to its network.</summary>
public static class LinkAgentEvents
{
    /// <summary>The agent chose an action by itself and changed its weight.</summary>
    public sealed record WeightDecided(
        LinkId Link, int Round, LinkObservation Observation, int Action, float LogProbability, double Weight, HorizonTraffic Traffic) : ILinkAgentMessage;

    /// <summary>The agent computed its logits and leaves the choice to the team.</summary>
    public sealed record LogitsComputed(
        LinkId Link, int Round, LinkObservation Observation, float[] Logits, HorizonTraffic Traffic) : ILinkAgentMessage;

    /// <summary>The agent has looked its state up, for a team that switches together.</summary>
    public sealed record StateCompared(LinkId Link, int Round, int Iteration, bool IsFamiliar) : ILinkAgentMessage;

    /// <summary>The agent took the action that the team chose.</summary>
    public sealed record ActionTaken(LinkId Link, int Round, double Weight) : ILinkAgentMessage;

    /// <summary>The agent's last observation of an episode.</summary>
    public sealed record EpisodeClosed(LinkId Link, int Round, LinkObservation Observation) : ILinkAgentMessage;

    /// <summary>The agent crashed and was restarted: it has lost its neighbours, its policy and its part of the episode.</summary>
    public sealed record LinkAgentRestarted(LinkId Link) : ILinkAgentMessage;
}

/// <summary>What an agent's horizon took.</summary>
/// <param name="Exchanges">Exchanges that it made, 0 … K.</param>
/// <param name="States">Hidden states that were sent to it.</param>
/// <param name="Requests">Requests for them that it sent.</param>
public readonly record struct HorizonTraffic(int Exchanges, int States, int Requests);
