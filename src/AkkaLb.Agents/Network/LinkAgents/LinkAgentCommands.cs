using Akka.Actor;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>A message of one link agent; <see cref="Link"/> is its address.</summary>
public interface ILinkAgentMessage
{
    LinkId Link { get; }
}

/// <summary>
/// What a link agent is told. A <c>Round</c> numbers the horizons of a run, repeated ones included, so that an agent can
/// tell what belongs to the present horizon from what a crash or a restart of the episode left behind. Episodes that do not depend on each other
/// are played side by side, as the lanes of one round.
/// </summary>
public static class LinkAgentCommands
{
    /// <summary>Learn who hears this agent, the agents of the links that follow its own, and whom it hears.</summary>
    public sealed record ConnectNeighbours(
        LinkId Link, IReadOnlyList<LinkAgentNeighbour> Successors, IReadOnlyList<LinkAgentNeighbour> Predecessors) : ILinkAgentMessage;

    /// <summary>Follow this policy from the next observation on.</summary>
    public sealed record AdoptPolicy(LinkId Link, PolicySnapshot Policy) : ILinkAgentMessage;

    /// <summary>A horizon opens: exchange hidden states with the neighbours, then decide.</summary>
    /// <param name="Episode">Of the first lane; the others are those that follow it.</param>
    /// <param name="Horizon">From 0; 0 also opens the episodes, with the weight as initialised.</param>
    /// <param name="Utilisation">Load of the agent's link over its capacity, in each lane.</param>
    /// <param name="Sample">Whether the team samples its actions in this horizon or takes the most probable ones, in each lane.</param>
    /// <param name="DeltaFactor">What the memory's Δ is multiplied by.</param>
    /// <param name="IsProbe">Nothing is answered from memory in this episode.</param>
    /// <param name="Play">For the memory: another number for every episode played, from 1; a repeated one keeps its number.</param>
    public sealed record ObserveLoad(
        LinkId Link, int Round, int Episode, int Horizon, double[] Utilisation, bool[] Sample, double DeltaFactor = 1, bool IsProbe = false, long Play = 1)
        : ILinkAgentMessage;

    /// <summary>A neighbour asks for a hidden state of this horizon; answered by <see cref="ReceiveHiddenState"/> as soon as it is known.</summary>
    /// <param name="Sender">The link whose agent asks.</param>
    public sealed record RequestHiddenState(LinkId Link, LinkId Sender, int Round, int Iteration) : ILinkAgentMessage;

    /// <summary>The team has compared its states: take the rest from memory, or exchange.</summary>
    public sealed record SwitchLayer(LinkId Link, int Round, bool FromMemory) : ILinkAgentMessage;

    /// <summary>A neighbour's hidden state.</summary>
    /// <param name="Sender">The link whose agent sent it.</param>
    /// <param name="Iteration">Exchanges that the state has behind it, from 0.</param>
    /// <param name="State">The hidden state of each lane, shared by all receivers: never written again.</param>
    public sealed record ReceiveHiddenState(LinkId Link, LinkId Sender, int Round, int Iteration, float[] State) : ILinkAgentMessage;

    /// <summary>Take actions that the team chose (MAROH, or a readout that mixes the agents' outputs).</summary>
    /// <param name="Actions">In each lane; <see cref="NoAction"/> where it chose none for this link.</param>
    public sealed record TakeActions(LinkId Link, int Round, int[] Actions) : ILinkAgentMessage
    {
        public const int NoAction = -1;
    }

    /// <summary>The episodes are over: report the last observations, which are needed to value them.</summary>
    /// <param name="Utilisation">In each lane.</param>
    public sealed record CloseEpisodes(LinkId Link, int Round, double[] Utilisation) : ILinkAgentMessage;
}

/// <summary>An agent of a link nearby and where to reach it.</summary>
public sealed record LinkAgentNeighbour(LinkId Link, IActorRef Agent);
