using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>What a link agent reports to its network.</summary>
public static class LinkAgentEvents
{
    /// <summary>The agent chose an action by itself and changed its weight.</summary>
    /// <param name="MessagesSent">Hidden states that the agent sent in this horizon.</param>
    public sealed record WeightDecided(
        LinkId Link, int Round, LinkObservation Observation, int Action, float LogProbability, double Weight, int MessagesSent) : ILinkAgentMessage;

    /// <summary>The agent computed its logits and leaves the choice to the team.</summary>
    public sealed record LogitsComputed(
        LinkId Link, int Round, LinkObservation Observation, float[] Logits, int MessagesSent) : ILinkAgentMessage;

    /// <summary>The agent took the action that the team chose.</summary>
    public sealed record ActionTaken(LinkId Link, int Round, double Weight) : ILinkAgentMessage;

    /// <summary>The agent's last observation of an episode.</summary>
    public sealed record EpisodeClosed(LinkId Link, int Round, LinkObservation Observation) : ILinkAgentMessage;

    /// <summary>The agent crashed and was restarted: it has lost its neighbours, its policy and its part of the episode.</summary>
    public sealed record LinkAgentRestarted(LinkId Link) : ILinkAgentMessage;
}
