using System.Collections.Immutable;
using Akka.Actor;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>A message of one link agent without a global step; <see cref="Link"/> is its address, or the agent that reports.</summary>
public interface IAsynchronousMessage : IMessage
{
    LinkId Link { get; }
}

/// <summary>
/// What link agents without a global step are told. A run is played slice by slice. An <c>Attempt</c> numbers the times that a slice is
/// begun, so that everybody can tell what belongs to the present one from what a crash left behind. <c>Change</c> is the latest outside
/// change that the sender knows of.
/// </summary>
public static class AsynchronousCommands
{
    /// <summary>A slice begins: everything before it is stored. Whoever is not at its beginning goes back there.</summary>
    /// <param name="Slice">From 0.</param>
    /// <param name="State">What this agent handed over there, for one that stores nothing and has lost it; else empty.</param>
    public sealed record OpenSlice(LinkId Link, int Attempt, long Slice, ReadOnlyMemory<byte> State) : IAsynchronousMessage;

    /// <summary>The slice is over; answered by <see cref="AsynchronousEvents.SliceClosed"/> when the agent has stored it.</summary>
    public sealed record CloseSlice(LinkId Link, int Attempt, long Slice) : IAsynchronousMessage;

    /// <summary>A message whose virtual time has come; answered by <see cref="AsynchronousEvents.Handled"/>.</summary>
    /// <param name="Ticket">Repeated in the answer.</param>
    /// <param name="Time">Virtual, in µs.</param>
    public sealed record Deliver(LinkId Link, int Attempt, int Ticket, long Time, IAsynchronousMessage Message) : IAsynchronousMessage;

    /// <summary>The link's load, as the network sees it.</summary>
    /// <param name="Change">The last outside change that altered this load by itself; 0: none.</param>
    /// <param name="Weight">The link's weight in force.</param>
    /// <param name="LeastWeight">The least weight in force of the links that leave the same node.</param>
    public sealed record PublishLoad(LinkId Link, double Utilisation, int Change, double Weight, double LeastWeight) : IAsynchronousMessage;

    /// <summary>A successor asks for the hidden state that has <paramref name="Iteration"/> exchanges behind it.</summary>
    /// <param name="Horizon">The successor's horizon.</param>
    public sealed record RequestState(LinkId Link, LinkId Successor, int Horizon, int Iteration, int Change) : IAsynchronousMessage;

    /// <summary>A predecessor's answer, or what it has sent by itself.</summary>
    /// <param name="Horizon">Of who asked; of the predecessor where nobody did.</param>
    public sealed record ReceiveState(LinkId Link, LinkId Predecessor, int Horizon, int Iteration, int Change, ImmutableArray<float> State)
        : IAsynchronousMessage;

    /// <summary>The time has come that the agent asked for.</summary>
    /// <param name="At">Virtual, in µs.</param>
    public sealed record Wake(LinkId Link, long At) : IAsynchronousMessage;
}

/// <summary>What the run and its network are told.</summary>
public static class AsynchronousNetworkCommands
{
    /// <summary>Run to the end, from the last slice that is stored; answered by one of <see cref="AsynchronousNetworkEvents"/>.</summary>
    public sealed record Start : INoSerializationVerificationNeeded
    {
        public static Start Instance { get; } = new();
    }

    /// <summary>End the run after the present slice.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded
    {
        public static Stop Instance { get; } = new();
    }
}
