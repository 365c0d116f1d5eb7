using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.DataCenter.Agents;

/// <summary>Makes the agents of a method.</summary>
internal static class BalancingTeam
{
    /// <param name="team">Threads; agents that learn side by side run on one thread each, a lone agent uses all.</param>
    public static BalancingAgent[] Create(
        DataCenterLearningOptions options, int loadBalancers, int servers, int episodeSteps, ulong seed, WorkerTeam team)
    {
        Kernel kernel = Kernel.Best;
        var single = new WorkerTeam(1);
        IEnumerable<int> all = Enumerable.Range(0, loadBalancers);
        return options.Method switch
        {
            DataCenterMethod.DistrLb =>
                [.. all.Select(i => new SacGruAgent(options, $"load-balancer.{i}", 1, servers, episodeSteps, seed, single, kernel))],
            DataCenterMethod.CentrLb => [new SacGruAgent(options, "centre", loadBalancers, servers, episodeSteps, seed, team, kernel)],
            DataCenterMethod.QMixLb => [new QMixAgent(options, "team", loadBalancers, servers, episodeSteps, seed, team, kernel)],
            DataCenterMethod.RlbSac => [.. all.Select(i => new RlbSacAgent(options, $"load-balancer.{i}", servers, episodeSteps, seed, single, kernel))],
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, "unknown method"),
        };
    }
}
