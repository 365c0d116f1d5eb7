using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.DataCenter.Agents;

/// <summary>Makes the agents of a method.</summary>
internal static class BalancingTeam
{
    /// <param name="team">Threads; agents that learn side by side run on one thread each, a lone agent uses all.</param>
    public static BalancingAgent[] Create(
        DataCenterLearningOptions options, int loadBalancers, int servers, int episodeSteps, ulong seed, WorkerTeam team, LearningBackend? backend = null)
    {
        Kernel kernel = Kernel.Best;
        var single = new WorkerTeam(1);
        IEnumerable<int> all = Enumerable.Range(0, loadBalancers);
        return options.Method switch
        {
            DataCenterMethod.DistrLb =>
                [.. all.Select(i => new SacGruAgent(options, $"load-balancer.{i}", 1, servers, episodeSteps, seed, single, kernel, backend))],
            DataCenterMethod.CentrLb => [new SacGruAgent(options, "centre", loadBalancers, servers, episodeSteps, seed, team, kernel, backend)],
            DataCenterMethod.QMixLb => [new QMixAgent(options, "team", loadBalancers, servers, episodeSteps, seed, team, kernel, backend)],
            DataCenterMethod.RlbSac => [.. all.Select(i => new RlbSacAgent(options, $"load-balancer.{i}", servers, episodeSteps, seed, single, kernel, backend))],
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, "unknown method"),
        };
    }
}
