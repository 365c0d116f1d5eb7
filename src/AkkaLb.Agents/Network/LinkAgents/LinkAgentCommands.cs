using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>A message of one link agent; <see cref="Link"/> is its address.</summary>
public interface ILinkAgentMessage : IMessage
{
    LinkId Link { get; }
}

/// <summary>A command that its agent answers with one report.</summary>
public interface ILinkAgentQuestion : ILinkAgentMessage;

/// <summary>
/// What a link agent is told. A <c>Round</c> numbers the horizons of a run, repeated ones included, so that an agent can
/// tell what belongs to the present horizon from what a crash or a restart of the episode left behind. Episodes that do not depend on each
/// other are played side by side, as the lanes of one round.
/// </summary>
public static class LinkAgentCommands
{
    /// <summary>
    /// Begin the block of episodes that a policy is to play, and follow it from the next observation on; answered by
    /// <see cref="LinkAgentEvents.PolicyAdopted"/>. An agent that follows it already returns to the start of the block, which is played
    /// again. What is of earlier rounds counts no longer.
    /// </summary>
    /// <param name="Version">Of the policy, which <see cref="ILinkAgentAddresses.Policy"/> knows.</param>
    /// <param name="Memory">
    /// What the agent's memory saved at the start of the block; null without memory. One that stores nothing begins with it; another one
    /// expects to remember the same.
    /// </param>
    /// <param name="Recalled">What the learner changed in that memory in the update that led to the policy; null: nothing.</param>
    public sealed record AdoptPolicy(LinkId Link, int Round, long Version, byte[]? Memory = null, byte[]? Recalled = null)
        : ILinkAgentQuestion;

    /// <summary>A horizon opens: exchange hidden states with the neighbours, then decide.</summary>
    /// <param name="Episode">Of the first lane; the others are those that follow it.</param>
    /// <param name="Horizon">From 0; 0 also opens the episodes, with the weight as initialised.</param>
    /// <param name="Utilisation">Load of the agent's link over its capacity, in each lane.</param>
    /// <param name="Sample">Whether the team samples its actions in this horizon or takes the most probable ones, in each lane.</param>
    /// <param name="DeltaFactor">What the memory's Δ is multiplied by.</param>
    /// <param name="IsProbe">Nothing is answered from memory in this episode.</param>
    public sealed record ObserveLoad(
        LinkId Link, int Round, int Episode, int Horizon, double[] Utilisation, bool[] Sample, double DeltaFactor = 1, bool IsProbe = false)
        : ILinkAgentQuestion;

    /// <summary>
    /// A neighbour asks for a hidden state of this horizon; answered by <see cref="ReceiveHiddenState"/> as soon as it is known.
    /// </summary>
    /// <param name="Sender">The link whose agent asks.</param>
    public sealed record RequestHiddenState(LinkId Link, LinkId Sender, int Round, int Iteration) : ILinkAgentMessage;

    /// <summary>The team has compared its states: take the rest from memory, or exchange.</summary>
    public sealed record SwitchLayer(LinkId Link, int Round, bool FromMemory) : ILinkAgentQuestion;

    /// <summary>A neighbour's hidden state.</summary>
    /// <param name="Sender">The link whose agent sent it.</param>
    /// <param name="Iteration">Exchanges that the state has behind it, from 0.</param>
    /// <param name="State">The hidden state of each lane, shared by all receivers: never written again.</param>
    public sealed record ReceiveHiddenState(LinkId Link, LinkId Sender, int Round, int Iteration, float[] State) : ILinkAgentMessage;

    /// <summary>Take actions that the team chose (MAROH, or a readout that mixes the agents' outputs).</summary>
    /// <param name="Actions">In each lane; <see cref="NoAction"/> where it chose none for this link.</param>
    public sealed record TakeActions(LinkId Link, int Round, int[] Actions) : ILinkAgentQuestion
    {
        public const int NoAction = -1;
    }

    /// <summary>The episodes are over: report the last observations, which are needed to value them.</summary>
    /// <param name="Utilisation">In each lane.</param>
    public sealed record CloseEpisodes(LinkId Link, int Round, double[] Utilisation) : ILinkAgentQuestion;

    /// <summary>Store what was decided so far; answered by <see cref="LinkAgentEvents.EpisodesStored"/> when that is done.</summary>
    public sealed record StoreEpisodes(LinkId Link, int Round) : ILinkAgentQuestion;

    /// <summary>The run can go on from here in another process: keep what shortens the agent's recovery.</summary>
    public sealed record KeepSnapshot(LinkId Link) : ILinkAgentMessage;
}
