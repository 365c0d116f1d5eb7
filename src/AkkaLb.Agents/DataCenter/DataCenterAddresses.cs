using Akka.Actor;
using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Agents.DataCenter;

/// <summary>
/// Where the actors of an episode are, by their ids: each asks here where a message goes, and keeps no reference to another. On one node
/// they are the data centre's children.
/// </summary>
public sealed class DataCenterAddresses
{
    private readonly IActorRef[] _servers, _loadBalancers;

    /// <summary>Starts the actors. They are told where the others are, and ask from their first message on.</summary>
    public DataCenterAddresses(
        IActorRef dataCenter, int servers, int loadBalancers, Func<DataCenterAddresses, IActorRef> traffic,
        Func<ServerId, DataCenterAddresses, IActorRef> server, Func<LoadBalancerId, DataCenterAddresses, IActorRef> loadBalancer)
    {
        DataCenter = dataCenter;
        Traffic = traffic(this);
        _servers = [.. Enumerable.Range(0, servers).Select(j => server(new ServerId(j), this))];
        _loadBalancers = [.. Enumerable.Range(0, loadBalancers).Select(i => loadBalancer(new LoadBalancerId(i), this))];
    }

    public IActorRef DataCenter { get; }

    /// <summary>All clients.</summary>
    public IActorRef Traffic { get; }

    public int Servers => _servers.Length;

    public int LoadBalancers => _loadBalancers.Length;

    public IActorRef this[ServerId server] => _servers[server.Index];

    public IActorRef this[LoadBalancerId loadBalancer] => _loadBalancers[loadBalancer.Index];
}
