using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>What link agents without a global step report to their network.</summary>
public static class AsynchronousEvents
{
    /// <summary>The agent has taken a message in.</summary>
    /// <param name="Sent">What it does about it, in order: messages to neighbours, a wake-up for itself, a weight.</param>
    public sealed record Handled(LinkId Link, int Ticket, IReadOnlyList<ILinkAgentMessage> Sent) : ILinkAgentMessage;

    /// <summary>The agent has decided; its weight is in force at once.</summary>
    /// <param name="Horizon">Its own count, from 1.</param>
    public sealed record WeightSet(LinkId Link, int Horizon, int Action, float LogProbability, double Weight) : ILinkAgentMessage;

    /// <summary>The agent crashed over a message and is blank now: it has lost its observations and its neighbours' requests.</summary>
    public sealed record Crashed(LinkId Link, int Ticket) : ILinkAgentMessage;
}

/// <summary>How an asynchronous run ended.</summary>
public static class AsynchronousNetworkEvents
{
    public sealed record RunFinished;

    /// <summary>Stopped by command before its end.</summary>
    public sealed record RunStopped;

    /// <param name="Reason">One line.</param>
    public sealed record RunFailed(string Reason);
}
