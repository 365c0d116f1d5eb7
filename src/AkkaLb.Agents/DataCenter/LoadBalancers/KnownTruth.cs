using System.Collections.Immutable;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Policies;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

/// <summary>The servers' true state as it came with the connection that is being opened.</summary>
internal sealed class KnownTruth : IServerTruth
{
    private ImmutableArray<ServerTruth> _servers = [];

    public void Set(ImmutableArray<ServerTruth>? servers) => _servers = servers ?? [];

    bool IServerTruth.IsUp(int server) => _servers[server].IsUp;

    int IServerTruth.Jobs(int server) => _servers[server].Present + _servers[server].OnWay.Jobs;

    double IServerTruth.RemainingTime(int server, long now, long processor, long disk)
    {
        ServerTruth truth = _servers[server];
        return truth.RemainingTime
            + (Ticks.ToSeconds(truth.OnWay.Processor + processor) / truth.Workers + Ticks.ToSeconds(truth.OnWay.Disk + disk)) / truth.Speed;
    }
}
