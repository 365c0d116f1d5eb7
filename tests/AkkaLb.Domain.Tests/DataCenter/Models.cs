using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.Tests.DataCenter;

/// <summary>Small data centres for tests.</summary>
internal static class Models
{
    /// <summary>The reconstruction of Table 3: 2 load balancers, 7 servers with 20 workers, 16 jobs/s of 1 s, 60 s.</summary>
    public static DataCenterModel Table3(double processor = 1, double disk = 0, int loadBalancers = 2)
    {
        int[] workers = [2, 2, 2, 2, 4, 4, 4];
        JobClass jobs = new("job", 1, disk > 0 ? 2 : 1, new(ServiceLaw.Exponential, processor), new(ServiceLaw.Exponential, disk));
        return new DataCenterModel
        {
            Servers = [.. workers.Select(w => new ServerOptions(w))],
            Weights = [.. workers.Select(w => (double)w)],
            LoadBalancers = loadBalancers,
            Traffic = new TrafficOptions { Classes = [jobs], Rate = 16, Duration = 60 * Ticks.PerSecond },
        };
    }

    public static SimulationResult Run(this DataCenterModel model, string policy, ulong seed = 1) =>
        new DataCenterSimulation(model, new SimulationOptions(policy, seed)).Run();

    /// <summary>Seconds.</summary>
    public static double Mean(this SimulationResult result) => result.Jobs.Average(j => Ticks.ToSeconds(j.Completion));
}
