using Akka.Actor;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Agents.DataCenter.Traffic;
using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Agents.DataCenter;

/// <summary>
/// Where the actors of an episode are: whoever sends a message names its load balancer or server, and knows nothing of where that one
/// lives.
/// </summary>
public interface IDataCenterAddresses
{
    /// <summary>Sends a message to its load balancer.</summary>
    void Tell(ILoadBalancerMessage message, IActorRef sender);

    /// <summary>Sends a message to its server.</summary>
    void Tell(IServerMessage message, IActorRef sender);

    /// <summary>Sends a message to the clients.</summary>
    void Tell(ITrafficMessage message, IActorRef sender);

    /// <summary>Sends what an actor reports to its data centre.</summary>
    void TellDataCenter(IDataCenterMessage report, IActorRef sender);
}

/// <summary>Actors that are children of their data centre, all in this process.</summary>
internal sealed class LocalDataCenter : IDataCenterAddresses
{
    private readonly IActorRef _dataCenter, _traffic;
    private readonly IActorRef[] _servers, _loadBalancers;

    /// <summary>Starts them. They are handed these addresses, which are complete before the first message.</summary>
    public LocalDataCenter(
        IActorRef dataCenter, int servers, int loadBalancers, Func<IDataCenterAddresses, IActorRef> traffic,
        Func<ServerId, IDataCenterAddresses, IActorRef> server, Func<LoadBalancerId, IDataCenterAddresses, IActorRef> loadBalancer)
    {
        _dataCenter = dataCenter;
        _traffic = traffic(this);
        _servers = [.. Enumerable.Range(0, servers).Select(j => server(new ServerId(j), this))];
        _loadBalancers = [.. Enumerable.Range(0, loadBalancers).Select(i => loadBalancer(new LoadBalancerId(i), this))];
    }

    public void Tell(ILoadBalancerMessage message, IActorRef sender) => _loadBalancers[message.LoadBalancer.Index].Tell(message, sender);

    public void Tell(IServerMessage message, IActorRef sender) => _servers[message.Server.Index].Tell(message, sender);

    public void Tell(ITrafficMessage message, IActorRef sender) => _traffic.Tell(message, sender);

    public void TellDataCenter(IDataCenterMessage report, IActorRef sender) => _dataCenter.Tell(report, sender);
}
