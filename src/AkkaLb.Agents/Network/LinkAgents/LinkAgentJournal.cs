using System.Collections.Immutable;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>What a link agent's journal holds.</summary>
public static class LinkAgentJournal
{
    /// <summary>The agent's name.</summary>
    public static string Agent(LinkId link) => $"link-{link.Index}";

    /// <summary>The agent follows another policy.</summary>
    /// <param name="Step">The policy's version, from 0.</param>
    public sealed record PolicyAdopted(long Step) : IJournalEvent;

    /// <summary>The agent decided its weight, horizon after horizon of an episode.</summary>
    /// <param name="Step">The episode, from 0.</param>
    /// <param name="PolicyVersion">The policy that it followed.</param>
    /// <param name="Weights">Its weight after each horizon's decision.</param>
    /// <param name="Memory">What it remembered, used and gave up meanwhile; null without memory.</param>
    public sealed record WeightsDecided(long Step, long PolicyVersion, ImmutableArray<double> Weights, EpisodeMemory? Memory = null)
        : IJournalEvent;

    /// <summary>What happened in the agent's memory in an episode.</summary>
    /// <param name="DeltaFactor">What Δ was multiplied by.</param>
    /// <param name="Changes">As <see cref="ExperienceChanges.Take"/> gives them.</param>
    public sealed record EpisodeMemory(double DeltaFactor, ImmutableArray<byte> Changes);

    /// <summary>The learner recalled the episodes of a block from the agent's memory, and changed it by that.</summary>
    /// <param name="Step">The update, from 0.</param>
    /// <param name="Changes">As <see cref="ExperienceChanges.Take"/> gives them.</param>
    public sealed record MemoryTrained(long Step, ImmutableArray<byte> Changes) : IJournalEvent;

    /// <summary>
    /// Of earlier versions: what an agent's memory took in and gave up in an episode, without the order of its rows and their uses.
    /// </summary>
    /// <param name="Step">The episode, from 0.</param>
    /// <param name="DeltaFactor">What Δ was multiplied by in it.</param>
    public sealed record MemoryChanged(long Step, double DeltaFactor, ExperienceChange Change) : IJournalEvent;

    /// <summary>
    /// Of earlier versions: the same between two episodes, while the learner recalled the episodes of a block from the memory.
    /// </summary>
    public sealed record MemoryRecalled(ExperienceChange Change) : IJournalEvent
    {
        public long Step => -1;
    }
}
