using Akka.Actor;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Agents.DataCenter.Traffic;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.DataCenter;

/// <summary>
/// Servers and load balancers that are shard entities, on any node of a cluster. Clients live with their data centre, which passes on what
/// they are told.
/// </summary>
/// <param name="traffic">On the node of the data centre; elsewhere it passes on.</param>
internal sealed class ClusterDataCenter(MemberAddresses members, IActorRef? traffic = null) : IDataCenterAddresses
{
    public void Tell(ILoadBalancerMessage message, IActorRef sender) =>
        members.Tell(LoadBalancerPlan.NameOf(message.LoadBalancer), message, sender);

    public void Tell(IServerMessage message, IActorRef sender) => members.Tell(ServerPlan.NameOf(message.Server), message, sender);

    public void Tell(ITrafficMessage message, IActorRef sender) => (traffic ?? members.Play).Tell(message, sender);

    public void TellDataCenter(IDataCenterMessage report, IActorRef sender)
    {
        if (report is not LoadBalancerEvents.EpisodeStored { Part: not null } stored)
        {
            members.Play.Tell(report, sender);
            return;
        }
        // An episode may be larger than a message.
        byte[] bytes = WireFormat.Formats.WriteWithManifest(stored);
        foreach (Parcel parcel in Parcel.Split(ParcelKey.Of(LoadBalancerPlan.NameOf(stored.LoadBalancer), bytes), bytes))
        {
            members.Play.Tell(parcel, sender);
        }
    }
}
