using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>What link agents without a global step are told. <c>Change</c> is the latest outside change that the sender knows of.</summary>
public static class AsynchronousCommands
{
    /// <summary>A message whose virtual time has come; answered by <see cref="AsynchronousEvents.Handled"/>.</summary>
    /// <param name="Ticket">Repeated in the answer.</param>
    /// <param name="Time">Virtual, in µs.</param>
    public sealed record Deliver(LinkId Link, int Ticket, long Time, ILinkAgentMessage Message) : ILinkAgentMessage;

    /// <summary>The link's load, as the network sees it.</summary>
    /// <param name="Change">The last outside change that altered this load by itself; 0: none.</param>
    /// <param name="Weight">The link's weight in force.</param>
    /// <param name="LeastWeight">The least weight in force of the links that leave the same node.</param>
    public sealed record PublishLoad(LinkId Link, double Utilisation, int Change, double Weight, double LeastWeight) : ILinkAgentMessage;

    /// <summary>A successor asks for the hidden state that has <paramref name="Iteration"/> exchanges behind it.</summary>
    /// <param name="Horizon">The successor's horizon.</param>
    public sealed record RequestState(LinkId Link, LinkId Successor, int Horizon, int Iteration, int Change) : ILinkAgentMessage;

    /// <summary>A predecessor's answer.</summary>
    /// <param name="State">Shared: never written again.</param>
    public sealed record ReceiveState(LinkId Link, LinkId Predecessor, int Horizon, int Iteration, int Change, float[] State) : ILinkAgentMessage;

    /// <summary>The time has come that the agent asked for.</summary>
    /// <param name="At">Virtual, in µs.</param>
    public sealed record Wake(LinkId Link, long At) : ILinkAgentMessage;

    /// <summary>A predecessor crashed and has lost the requests that it had not answered.</summary>
    public sealed record RepeatRequests(LinkId Link, LinkId Predecessor) : ILinkAgentMessage;
}

/// <summary>What the network is told.</summary>
public static class AsynchronousNetworkCommands
{
    /// <summary>Run from start to end; answered by one of <see cref="AsynchronousNetworkEvents"/>.</summary>
    public sealed record Start
    {
        public static Start Instance { get; } = new();
    }

    /// <summary>End the run after what happens at this virtual moment.</summary>
    public sealed record Stop
    {
        public static Stop Instance { get; } = new();
    }
}
