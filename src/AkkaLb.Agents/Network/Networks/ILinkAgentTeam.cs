using Akka.Actor;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Networks;

/// <summary>The link agents of a network, wherever they live. Of one network actor, which alone uses it.</summary>
public interface ILinkAgentTeam
{
    /// <summary>Whether all agents are there; if not, <see cref="NetworkCommands.UseAgents"/> says when they are.</summary>
    bool AreThere { get; }

    /// <summary>
    /// How long an agent may be silent that was asked something; null: for ever, as nothing is lost on the way to it and from it.
    /// </summary>
    TimeSpan? Patience { get; }

    /// <summary>Makes the agents, or begins to look for them.</summary>
    /// <param name="network">Hears what they report.</param>
    void Start(IActorContext network);

    /// <summary>Begins to use agents of <see cref="NetworkCommands.UseAgents"/>.</summary>
    /// <param name="placement">What came with the message; null: some agents are gone.</param>
    void Use(AgentPlacement? placement);

    /// <summary>Episodes that were played, or begun, are played again.</summary>
    void Repeat(int episodes);

    /// <summary>What agents are told to adopt next.</summary>
    void Publish(PolicySnapshot policy);

    /// <summary>Sends a message to the agent of its link, at the latest with <see cref="Flush"/>.</summary>
    void Tell(ILinkAgentMessage message);

    void Flush();

    /// <summary>Agents are silent: look for them again.</summary>
    void Seek();

    /// <summary>What is said of an actor that the network has watched for the team, and that has ended.</summary>
    string Describe(Terminated ended);
}
