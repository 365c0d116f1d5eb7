using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.Tests.DataCenter.Estimation;

/// <summary>What the live balancer's estimates are worth, where the jobs are the same for all: in the simulator.</summary>
public class EstimatedSedTests
{
    private static readonly int[] Slots = [2, 2, 2, 2, 4, 4, 4];

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.95)]
    public void SedEstimated_ToldNoWeights_IsWithinFivePercentOfSedWithTheRightOnes(double load)
    {
        (double mean, double p99) = Play("sed", load, Slots.Select(s => (double)s));
        (double ownMean, double ownP99) = Play("sed-estimated", load, Slots.Select(_ => 1.0));
        ownMean.ShouldBeLessThanOrEqualTo(1.05 * mean);
        ownP99.ShouldBeLessThanOrEqualTo(1.05 * p99);
    }

    [Fact]
    public void SedEstimated_ToldWrongWeights_IsNotHurt()
    {
        double[] swapped = [4, 4, 4, 4, 2, 2, 2];
        Play("sed-estimated", 0.9, swapped).Mean.ShouldBeLessThan(0.7 * Play("sed", 0.9, swapped).Mean);
    }

    private static (double Mean, double P99) Play(string policy, double load, IEnumerable<double> weights)
    {
        DataCenterModel model = new()
        {
            Servers = [.. Slots.Select(slots => new ServerOptions(slots) { Capacity = 1000 })],
            LoadBalancers = 2,
            Weights = [.. weights],
            Traffic = new TrafficOptions
            {
                Classes = [new JobClass("job", 1, 1, new ServiceTime(ServiceLaw.Exponential, 0.1), default)],
                Rate = load * Slots.Sum() / 0.1,
                Duration = 100 * Ticks.PerSecond,
            },
        };
        List<double> times = [];
        for (ulong episode = 0; episode < 3; episode++)
        {
            times.AddRange(new DataCenterSimulation(model, new SimulationOptions(policy, 7, episode)).Run()
                .Jobs.Select(job => Ticks.ToSeconds(job.Completion)));
        }
        times.Sort();
        return (times.Average(), times[(int)(0.99 * times.Count)]);
    }
}
