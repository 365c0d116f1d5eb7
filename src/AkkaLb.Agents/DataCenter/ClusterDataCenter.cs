using Akka.Actor;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Agents.DataCenter.Traffic;
using AkkaLb.Agents.Plays.Members;

namespace AkkaLb.Agents.DataCenter;

/// <summary>
/// Servers and load balancers that are shard entities, on any node of a cluster. Clients live with their data centre, which passes on what
/// they are told; so do load balancers that learn, beside their learner.
/// </summary>
/// <param name="traffic">On the node of the data centre; elsewhere it passes on.</param>
/// <param name="learning">On the node of the data centre, where load balancers learn; else none.</param>
internal sealed class ClusterDataCenter(
    MemberAddresses members, IActorRef? traffic = null, IReadOnlyList<IActorRef>? learning = null) : IDataCenterAddresses
{
    public void Tell(ILoadBalancerMessage message, IActorRef sender)
    {
        if (learning is not null)
        {
            learning[message.LoadBalancer.Index].Tell(message, sender);
        }
        else
        {
            members.Tell(LoadBalancerPlan.NameOf(message.LoadBalancer), message, sender);
        }
    }

    public void Tell(IServerMessage message, IActorRef sender) => members.Tell(ServerPlan.NameOf(message.Server), message, sender);

    public void Tell(ITrafficMessage message, IActorRef sender) => (traffic ?? members.Play).Tell(message, sender);

    public void TellDataCenter(IDataCenterMessage report, IActorRef sender) => members.Play.Tell(report, sender);
}
