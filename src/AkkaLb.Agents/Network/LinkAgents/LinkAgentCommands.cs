using Akka.Actor;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>A message of one link agent; <see cref="Link"/> is its address.</summary>
public interface ILinkAgentMessage
{
    LinkId Link { get; }
}

/// <summary>
/// What a link agent is told. A <c>Round</c> numbers the horizons of a run, repeated ones included, so that an agent can
/// tell what belongs to the present horizon from what a crash or a restart of the episode left behind.
/// </summary>
public static class LinkAgentCommands
{
    /// <summary>Learn who hears this agent: the agents of the links that follow its own.</summary>
    public sealed record ConnectSuccessors(LinkId Link, IReadOnlyList<LinkAgentNeighbour> Successors) : ILinkAgentMessage;

    /// <summary>Follow this policy from the next observation on.</summary>
    public sealed record AdoptPolicy(LinkId Link, PolicySnapshot Policy) : ILinkAgentMessage;

    /// <summary>A horizon opens: exchange hidden states with the neighbours, then decide.</summary>
    /// <param name="Horizon">From 0; 0 also opens an episode, with the weight as initialised.</param>
    /// <param name="Utilisation">Load of the agent's link over its capacity.</param>
    /// <param name="Sample">Whether the team samples its actions in this horizon or takes the most probable ones.</param>
    public sealed record ObserveLoad(LinkId Link, int Round, int Episode, int Horizon, double Utilisation, bool Sample) : ILinkAgentMessage;

    /// <summary>A neighbour's hidden state.</summary>
    /// <param name="Sender">The link whose agent sent it.</param>
    /// <param name="Iteration">Exchanges that the state has behind it, from 0.</param>
    /// <param name="State">The hidden state, shared by all receivers: never written again.</param>
    public sealed record ReceiveHiddenState(LinkId Link, LinkId Sender, int Round, int Iteration, float[] State) : ILinkAgentMessage;

    /// <summary>Take an action that the team chose (MAROH, or a readout that mixes the agents' outputs).</summary>
    public sealed record TakeAction(LinkId Link, int Round, int Action) : ILinkAgentMessage;

    /// <summary>The episode is over: report the last observation, which is needed to value it.</summary>
    public sealed record CloseEpisode(LinkId Link, int Round, double Utilisation) : ILinkAgentMessage;
}

/// <summary>An agent of a link nearby and where to reach it.</summary>
public sealed record LinkAgentNeighbour(LinkId Link, IActorRef Agent);
