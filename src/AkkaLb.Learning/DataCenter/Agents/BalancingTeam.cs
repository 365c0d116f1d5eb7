using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.DataCenter.Agents;

/// <summary>Makes the agents of a method.</summary>
internal static class BalancingTeam
{
    /// <param name="team">Threads; agents that learn side by side run on one thread each, a lone agent uses all.</param>
    public static BalancingAgent[] Create(
        DataCenterLearningOptions options, int loadBalancers, int servers, int episodeSteps, ulong seed, WorkerTeam team,
        LearningBackend? backend = null)
    {
        bool isJoint = options.Method is DataCenterMethod.CentrLb or DataCenterMethod.QMixLb || options.Net == BalancingNet.PerServer;
        WorkerTeam threads = isJoint ? team : new WorkerTeam(1);
        return
        [
            .. Enumerable.Range(0, isJoint ? 1 : loadBalancers).Select(
                agent => CreateOne(agent, options, loadBalancers, servers, episodeSteps, seed, threads, backend)),
        ];
    }

    /// <param name="agent">Its number among the agents of the method.</param>
    public static BalancingAgent CreateOne(
        int agent, DataCenterLearningOptions options, int loadBalancers, int servers, int episodeSteps, ulong seed, WorkerTeam threads,
        LearningBackend? backend = null)
    {
        Kernel kernel = Kernel.Best;
        string name = $"load-balancer.{agent}";
        return options.Method switch
        {
            DataCenterMethod.DistrLb when options.Net == BalancingNet.PerServer =>
                new PerServerAgent(options, "team", loadBalancers, servers, episodeSteps, seed, threads, kernel, backend),
            DataCenterMethod.DistrLb =>
                new SacGruAgent(options, name, 1, servers, episodeSteps, seed, threads, kernel, backend) { Number = agent },
            DataCenterMethod.CentrLb =>
                new SacGruAgent(options, "centre", loadBalancers, servers, episodeSteps, seed, threads, kernel, backend),
            DataCenterMethod.QMixLb => new QMixAgent(options, "team", loadBalancers, servers, episodeSteps, seed, threads, kernel, backend),
            DataCenterMethod.RlbSac =>
                new RlbSacAgent(options, name, servers, episodeSteps, seed, threads, kernel, backend) { Number = agent },
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, "unknown method"),
        };
    }
}
