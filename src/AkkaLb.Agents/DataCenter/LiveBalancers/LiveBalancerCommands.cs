using System.Collections.Immutable;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Agents.DataCenter.LiveBalancers;

/// <summary>What a balancer of real traffic is told by the proxy that it decides for; all of it stays within one process.</summary>
public static class LiveBalancerCommands
{
    /// <summary>Servers by their numbers, all that there ever were.</summary>
    public sealed record SetServers(ImmutableArray<LiveServer> Servers);

    /// <summary>What passed since the last message, in order of time.</summary>
    public sealed record Observe(ImmutableArray<Passage> Passages);

    /// <summary>Decide now.</summary>
    /// <param name="Now">Ticks of the proxy's clock.</param>
    /// <param name="Time">The time of day.</param>
    public sealed record Decide(long Now, DateTimeOffset Time);

    /// <summary>Something that others decided above the agent and that belongs in its journal.</summary>
    public sealed record Record(IJournalEvent Event);

    /// <summary>Sent back when the journal has been read and all that was told before.</summary>
    public sealed record Recovered
    {
        public static Recovered Instance { get; } = new();
    }

    /// <summary>Store what is known; answered by <see cref="Settled"/> when it is.</summary>
    public sealed record Settle(DateTimeOffset Time);

    public sealed record Settled
    {
        public static Settled Instance { get; } = new();
    }
}

/// <summary>A server as its balancer knows it.</summary>
/// <param name="Name">Unique within the cluster.</param>
/// <param name="IsInUse">Whether it gets requests.</param>
public sealed record LiveServer(string Name, bool IsInUse);

/// <summary>Takes the weights that a balancer decided on; by any thread.</summary>
public interface IWeightSink
{
    /// <summary>What was decided takes effect.</summary>
    void Publish(LiveDecision decision);

    /// <summary>The agent lives, and has nothing new to say.</summary>
    void Confirm();
}
