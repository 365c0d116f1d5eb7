using System.Collections.Immutable;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>
/// What the journals of an asynchronous run hold. A slice counts when all its agents have stored it, and then the network. What comes with
/// an event's state is enough to go on from there, to the last bit.
/// </summary>
public static class AsynchronousJournal
{
    /// <summary>The network's name.</summary>
    public const string Network = "network" + Suffix;

    /// <summary>Of all its agents' names.</summary>
    public const string Suffix = ".asynchronous";

    /// <summary>The agent's name; a run may train the agents of the same links before.</summary>
    public static string Agent(LinkId link) => $"link-{link.Index}{Suffix}";

    /// <summary>What the agent remembered when it began; stored with its first slice.</summary>
    /// <param name="Memory">All of it.</param>
    public sealed record MemoryTaken(ReadOnlyMemory<byte> Memory) : IJournalEvent
    {
        public long Step => 0;
    }

    /// <summary>What the agent decided in a slice, horizon after horizon.</summary>
    /// <param name="Step">The slice, from 0.</param>
    /// <param name="Horizons">Its decisions before it.</param>
    /// <param name="Actions">The actions taken.</param>
    /// <param name="Weights">Its weight in force after each.</param>
    /// <param name="State">All that it is at the end of the slice, but for its memory.</param>
    /// <param name="Memory">What has changed in its memory; empty without one.</param>
    /// <param name="Representatives">Entries that are in its memory after it.</param>
    public sealed record SliceDecided(
        long Step, int Horizons, ImmutableArray<int> Actions, ImmutableArray<double> Weights, ReadOnlyMemory<byte> State,
        ReadOnlyMemory<byte> Memory, int Representatives) : IJournalEvent;

    /// <summary>
    /// Which links decided in a slice, decision after decision: with their weights it tells what was in force after every route. For
    /// readers; nothing goes on from it, and a slice that is decided again stores it again.
    /// </summary>
    /// <param name="Slice">From 0; stored before its <see cref="SlicePlayed"/>.</param>
    public sealed record DecisionsOrdered(long Slice, ImmutableArray<int> Links) : IJournalEvent
    {
        public long Step => -1;
    }

    /// <summary>How the network fared in a slice.</summary>
    /// <param name="Step">The slice, from 0.</param>
    /// <param name="Samples">After each route.</param>
    /// <param name="State">All that the network is at the end of the slice, messages under way included.</param>
    public sealed record SlicePlayed(long Step, ImmutableArray<NetworkSample> Samples, ReadOnlyMemory<byte> State) : IJournalEvent;
}
