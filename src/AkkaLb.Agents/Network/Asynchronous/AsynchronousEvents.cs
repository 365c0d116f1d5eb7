using System.Collections.Immutable;
using Akka.Actor;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>What link agents without a global step report to their network.</summary>
public static class AsynchronousEvents
{
    /// <summary>The agent has taken a message in.</summary>
    /// <param name="Sent">What it does about it, in order: messages to neighbours, a wake-up for itself, a weight.</param>
    public sealed record Handled(LinkId Link, int Attempt, int Ticket, ImmutableArray<IAsynchronousMessage> Sent) : IAsynchronousMessage;

    /// <summary>The agent has decided; its weight is in force at once.</summary>
    /// <param name="Horizon">Its own count, from 1.</param>
    public sealed record WeightSet(LinkId Link, int Horizon, int Action, float LogProbability, double Weight) : IAsynchronousMessage;

    /// <summary>The agent has stored what it did in the slice.</summary>
    /// <param name="State">All that it is, of an agent that stores nothing; else empty.</param>
    public sealed record SliceClosed(LinkId Link, int Attempt, ReadOnlyMemory<byte> State) : IAsynchronousMessage;

    /// <summary>The agent crashed: it has to be told where the run goes on.</summary>
    public sealed record AgentRestarted(LinkId Link) : IAsynchronousMessage;
}

/// <summary>How an asynchronous run ended, and what happens to its network on the way.</summary>
public static class AsynchronousNetworkEvents
{
    /// <summary>An end.</summary>
    public interface IOutcome : INoSerializationVerificationNeeded;

    /// <param name="Weights">In force at the end, one for each link.</param>
    public sealed record RunFinished(ImmutableArray<double> Weights) : IOutcome;

    /// <summary>Stopped by command before its end.</summary>
    /// <param name="Weights">In force then.</param>
    public sealed record RunStopped(ImmutableArray<double> Weights) : IOutcome;

    /// <param name="Reason">One line.</param>
    public sealed record RunFailed(string Reason) : IOutcome;

    /// <summary>Agents on other nodes were lost, and the network ends: it has to be made anew.</summary>
    public sealed record AgentsLost : INoSerializationVerificationNeeded
    {
        public static AgentsLost Instance { get; } = new();
    }

    /// <summary>The network crashed: it has to be started again.</summary>
    public sealed record NetworkRestarted : INoSerializationVerificationNeeded
    {
        public static NetworkRestarted Instance { get; } = new();
    }
}
