using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Agents.Serialization;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>Agents that are shard entities, on many nodes: one frame to each node holds what all its agents are told.</summary>
/// <param name="session">Higher than that of every team of the run before this one.</param>
/// <param name="placement">Props of a <see cref="PlacementActor"/>.</param>
/// <param name="counts">Written.</param>
public sealed class ClusterLinkAgents(string run, long session, TimeSpan patience, Props placement, PlacementCounts counts)
    : ILinkAgentTeam
{
    private IActorRef _placer = ActorRefs.Nobody;
    private AgentPlacement? _placement;
    private PolicySnapshot? _policy;
    private FrameWriter[] _frames = [];
    private long _numbers;

    public bool AreThere => _placement is not null;

    public TimeSpan? Patience => patience;

    public void Start(IActorContext network) => _placer = network.Watch(network.ActorOf(placement, "placement"));

    public void Use(AgentPlacement? placement)
    {
        _placement = placement;
        _frames = [.. _placement?.Relays.Select(_ => new FrameWriter()) ?? []];
        if (_policy is not null)
        {
            Publish(_policy);
        }
    }

    public void Publish(PolicySnapshot policy)
    {
        _policy = policy;
        SharedPolicy shared = SharedPolicy.Of(policy);
        foreach (FrameWriter frame in _frames)
        {
            frame.Add(shared);
        }
    }

    public void Tell(ILinkAgentMessage message)
    {
        if (_placement is not null)
        {
            _frames[_placement.HostOf[message.Link.Index]].Add(message);
        }
    }

    public void Flush()
    {
        for (int node = 0; node < _frames.Length; node++)
        {
            if (_frames[node].Count == 0)
            {
                continue;
            }
            foreach (Frame part in Frame.Split(run, session, _placement!.Epoch, _numbers++, _frames[node].Take()))
            {
                _placement.Relays[node].Tell(part, _placer);
            }
        }
    }

    public void Repeat(int episodes) => counts.Repeat(episodes);

    public void Seek() => _placer.Tell(PlacementActor.Seek.Instance);

    public string Describe(Terminated ended) => "what places the agents has ended, see the log";
}
