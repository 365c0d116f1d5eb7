using Akka.Actor;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>What the relay of a node is told.</summary>
public static class RelayCommands
{
    /// <summary>
    /// The network of a run asks for its agents here, again and again; answered by <see cref="RelayEvents.Hosting"/>, now and whenever
    /// it changes.
    /// </summary>
    /// <param name="Session">
    /// Higher than that of every network of the run before this one: what those say counts no longer, and agents begin anew from what they
    /// have stored.
    /// </param>
    public sealed record Attach(string Run, long Session) : IMessage;

    /// <summary>The network is done with its agents: they may end.</summary>
    public sealed record Detach(string Run, long Session) : IMessage;

    /// <summary>Where each agent lives, from now on; answered by <see cref="RelayEvents.PlacementTaken"/>.</summary>
    /// <param name="Epoch">Counts the placements of a session.</param>
    /// <param name="Nodes">Addresses of the nodes that have agents.</param>
    /// <param name="HostOf">Position among <paramref name="Nodes"/>, link by link.</param>
    public sealed record TakePlacement(string Run, long Session, int Epoch, string[] Nodes, int[] HostOf) : IMessage;

    /// <summary>The shard entity of a link, the sender, is here, and waits to be told its session.</summary>
    internal sealed record JoinEntity(string Run, int Link) : INoSerializationVerificationNeeded;

    /// <summary>The shard entity of a link, the sender, has ended.</summary>
    internal sealed record LeaveEntity(string Run, int Link) : INoSerializationVerificationNeeded;

    /// <summary>An agent, the sender, has recovered.</summary>
    internal sealed record JoinAgent(string Run, long Session, int Link) : INoSerializationVerificationNeeded;

    /// <summary>An agent, the sender, has ended.</summary>
    internal sealed record LeaveAgent(string Run, int Link) : INoSerializationVerificationNeeded;

    /// <summary>Send what waits to be combined.</summary>
    internal sealed record SendWaiting(NodeAgents Agents) : INoSerializationVerificationNeeded;
}
