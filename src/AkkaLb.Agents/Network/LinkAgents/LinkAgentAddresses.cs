using Akka.Actor;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>
/// Where the actors of a network are: whoever sends a message names its link, and knows nothing of where that link's agent lives.
/// </summary>
public interface ILinkAgentAddresses
{
    /// <summary>Sends a message to the agent of its link.</summary>
    void Tell(ILinkAgentMessage message, IActorRef sender);

    /// <summary>Sends what an agent reports to its network.</summary>
    void TellNetwork(ILinkAgentMessage report, IActorRef sender);
}

/// <summary>Agents that are children of their network, all in this process.</summary>
/// <param name="network">Restarts its agents behind the same references.</param>
internal sealed class LocalLinkAgents(IActorRef network, int links) : ILinkAgentAddresses
{
    // Complete before the first message: the network makes all its agents before it tells one of them anything.
    private readonly IActorRef[] _agents = new IActorRef[links];

    public IActorRef this[int link]
    {
        get => _agents[link];
        set => _agents[link] = value;
    }

    public int LinkOf(IActorRef agent) => Array.IndexOf(_agents, agent);

    public void Tell(ILinkAgentMessage message, IActorRef sender) => _agents[message.Link.Index].Tell(message, sender);

    public void TellNetwork(ILinkAgentMessage report, IActorRef sender) => network.Tell(report, sender);
}
