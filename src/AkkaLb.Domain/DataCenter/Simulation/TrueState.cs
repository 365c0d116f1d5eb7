using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>The state of all servers with the jobs on their way to them, for the policies that are defined by it.</summary>
internal sealed class TrueState(ServerModel[] servers) : IServerTruth
{
    private readonly int[] _jobs = new int[servers.Length];
    private readonly long[] _processor = new long[servers.Length], _disk = new long[servers.Length];

    /// <param name="sign">1: a job leaves for its server; −1: it has arrived.</param>
    public void AddOnWay(in Job job, int sign)
    {
        _jobs[job.Server] += sign;
        _processor[job.Server] += sign * job.Processor;
        _disk[job.Server] += sign * job.Disk;
    }

    bool IServerTruth.IsUp(int server) => servers[server].IsUp;

    int IServerTruth.Jobs(int server) => servers[server].Present + _jobs[server];

    double IServerTruth.RemainingTime(int server, long now, long processor, long disk)
    {
        ServerModel model = servers[server];
        return model.RemainingTime(now)
            + (Ticks.ToSeconds(_processor[server] + processor) / model.Options.Workers
                + Ticks.ToSeconds(_disk[server] + disk)) / model.Speed;
    }
}
