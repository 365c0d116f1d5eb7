using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Networks;

/// <summary>Agents that are children of their network, all in this process.</summary>
/// <param name="initialWeights">By link, at the start of every episode.</param>
/// <param name="journal">Where they store; null: nowhere.</param>
internal sealed class LocalLinkAgents(NetworkModel model, double[] initialWeights, ulong seed, AgentJournal? journal)
    : ILinkAgentTeam, ILinkAgentAddresses
{
    // Complete before the first message: the network makes all its agents before it tells one of them anything.
    private readonly IActorRef[] _agents = new IActorRef[model.LinkCount];
    private IActorRef _network = ActorRefs.Nobody;
    private volatile PolicySnapshot? _policy;

    public bool AreThere => true;

    public TimeSpan? Patience => null;

    public void Start(IActorContext network)
    {
        // It restarts its agents behind the same references.
        _network = network.Self;
        for (int link = 0; link < _agents.Length; link++)
        {
            Props agent = LinkAgentActor.Props(model, new LinkId(link), initialWeights[link], seed, this, journal);
            _agents[link] = network.Watch(network.ActorOf(agent, $"link-{link}"));
        }
    }

    public void Use(AgentPlacement? placement)
    {
    }

    public void Repeat(int episodes)
    {
    }

    public void Publish(PolicySnapshot policy) => _policy = policy;

    public PolicySnapshot Policy(long version) =>
        _policy is { } policy && policy.Version == version ? policy : throw new ArgumentException($"no policy {version} was published");

    public void Tell(ILinkAgentMessage message) => Tell(message, _network);

    public void Flush()
    {
    }

    public void Seek()
    {
    }

    public void Tell(ILinkAgentMessage message, IActorRef sender) => _agents[message.Link.Index].Tell(message, sender);

    public void Share(LinkId sender, ReadOnlySpan<LinkId> receivers, int round, int iteration, float[] state, IActorRef self)
    {
        foreach (LinkId receiver in receivers)
        {
            Tell(new LinkAgentCommands.ReceiveHiddenState(receiver, sender, round, iteration, state), self);
        }
    }

    public void TellNetwork(ILinkAgentMessage report, IActorRef sender) => _network.Tell(report, sender);

    public void Recovered(LinkId link, IActorRef agent)
    {
    }

    public string Describe(Terminated ended)
    {
        LinkId link = new(Array.IndexOf(_agents, ended.ActorRef));
        return $"the agent of link {model.Topology.Describe(link)} crashed more than {NetworkActor.MaxRestarts} times in a minute";
    }
}
