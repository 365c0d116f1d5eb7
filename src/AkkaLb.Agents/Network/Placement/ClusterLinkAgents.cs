using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Akka.Actor;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Agents.Serialization;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>Agents that are shard entities, on many nodes: one frame to each node holds what all its agents are told.</summary>
/// <param name="session">Higher than that of every team of the run before this one.</param>
/// <param name="placement">Props of a <see cref="PlacementActor"/>.</param>
public sealed class ClusterLinkAgents(string run, long session, TimeSpan patience, Props placement) : ILinkAgentTeam
{
    private IActorRef _placement = ActorRefs.Nobody;
    private AgentPlacement? _where;
    private PolicySnapshot? _policy;
    private FrameWriter[] _frames = [];
    private long _numbers;

    public bool AreThere => _where is not null;

    public TimeSpan? Patience => patience;

    public void Start(IActorContext network) => _placement = network.Watch(network.ActorOf(placement, "placement"));

    /// <inheritdoc />
    public void Use(object? where)
    {
        _where = (AgentPlacement?)where;
        _frames = [.. _where?.Relays.Select(_ => new FrameWriter()) ?? []];
        if (_policy is not null)
        {
            Publish(_policy);
        }
    }

    public void Publish(PolicySnapshot policy)
    {
        _policy = policy;
        SharedPolicy shared = new(policy, SHA256.HashData(MemoryMarshal.AsBytes(policy.All)));
        foreach (FrameWriter frame in _frames)
        {
            frame.Add(shared);
        }
    }

    public void Tell(ILinkAgentMessage message)
    {
        if (_where is not null)
        {
            _frames[_where.HostOf[message.Link.Index]].Add(message);
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
            foreach (Frame part in Frame.Split(run, session, _where!.Epoch, _numbers++, _frames[node].Take()))
            {
                _where.Relays[node].Tell(part, _placement);
            }
        }
    }

    public void Seek() => _placement.Tell(PlacementActor.Seek.Instance);

    public string Describe(Terminated ended) => "what places the agents has ended, see the log";
}
