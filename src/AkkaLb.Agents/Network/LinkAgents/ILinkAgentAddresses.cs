using Akka.Actor;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>
/// What a link agent knows of the world: whoever sends a message names its link, and knows nothing of where that link's agent lives. Called
/// by all agents of a process at once.
/// </summary>
public interface ILinkAgentAddresses
{
    /// <summary>Sends a message to the agent of its link.</summary>
    void Tell(ILinkAgentMessage message, IActorRef sender);

    /// <summary>Sends a hidden state to several agents: <see cref="LinkAgentCommands.ReceiveHiddenState"/>.</summary>
    /// <param name="state">Never written again.</param>
    void Share(LinkId sender, ReadOnlySpan<LinkId> receivers, int round, int iteration, float[] state, IActorRef self);

    /// <summary>Sends what an agent reports to its network.</summary>
    void TellNetwork(ILinkAgentMessage report, IActorRef sender);

    /// <summary>The policy of a version that agents were told to adopt: a value that all share.</summary>
    PolicySnapshot Policy(long version);

    /// <summary>An agent has recovered what it stored, and can be told something.</summary>
    void Recovered(LinkId link, IActorRef agent);
}
