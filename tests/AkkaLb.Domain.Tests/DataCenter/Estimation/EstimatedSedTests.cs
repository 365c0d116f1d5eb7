using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;

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

    [Fact]
    public void SedEstimated_ServerThatRefuses_DoesNotPassForAFastOne()
    {
        IDispatchPolicy policy = DispatchPolicies.Create(
            "sed-estimated", new PolicyContext([1, 1], new RandomStream(1, "choices"), null!, new ProbeOptions(), null));
        policy.SetAvailable([true, true]);
        // Both answer ten requests a second at first; then server 1 refuses each within a millisecond.
        const long service = 100 * Ticks.PerMillisecond, refusal = Ticks.PerMillisecond;
        long now = 0;
        int refused = 0;
        for (int request = 0; request < 1000; request++)
        {
            int server = policy.Choose(default, now);
            policy.Opened(server, now);
            if (server == 1 && request >= 500)
            {
                refused++;
                now += refusal;
                policy.Failed(server, refusal, now);
            }
            else
            {
                now += service;
                policy.Closed(server, service, now);
            }
        }
        refused.ShouldBeLessThanOrEqualTo(250);
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
