using System.Collections.Immutable;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>What a link agent's journal holds.</summary>
public static class LinkAgentJournal
{
    /// <summary>The agent's name.</summary>
    public static string Agent(LinkId link) => $"link-{link.Index}";

    /// <summary>The agent follows another policy.</summary>
    /// <param name="Step">The policy's version, from 0.</param>
    public sealed record PolicyAdopted(long Step) : IJournalEvent
    {
        public string? Tag => null;
    }

    /// <summary>The agent decided its weight, horizon after horizon of an episode.</summary>
    /// <param name="Step">The episode, from 0.</param>
    /// <param name="PolicyVersion">The policy that it followed.</param>
    /// <param name="Weights">Its weight after each horizon's decision.</param>
    public sealed record WeightsDecided(long Step, long PolicyVersion, ImmutableArray<double> Weights) : IJournalEvent
    {
        public string? Tag => null;
    }
}
