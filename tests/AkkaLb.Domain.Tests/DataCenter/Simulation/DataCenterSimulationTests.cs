using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.DataCenter.Simulation;

public class DataCenterSimulationTests
{
    // Section 5.2's reference values of the reconstruction: 20 seeds, and their spread over seeds with some room.
    [Theory]
    [InlineData("oracle", 1.0, 0.0, 1.25, 0.1)]
    [InlineData("gsed", 1.0, 0.0, 1.08, 0.1)]
    [InlineData("sed", 1.0, 0.0, 1.12, 0.1)]
    [InlineData("lsq", 1.0, 0.0, 1.34, 0.1)]
    [InlineData("wcmp", 1.0, 0.0, 2.01, 0.3)]
    [InlineData("oracle", 0.75, 0.25, 1.24, 0.06)]
    [InlineData("lsq", 0.75, 0.25, 1.35, 0.06)]
    [InlineData("wcmp", 0.5, 0.5, 13.15, 1.5)]
    public void Table3_Reconstruction_GivesTheReferenceValues(string policy, double processor, double disk, double expected,
        double spread) =>
        Enumerable.Range(1, 20).Average(seed => Models.Table3(processor, disk).Run(policy, (ulong)seed).Mean()).ShouldBe(expected, spread);

    [Fact]
    public void OneProcessor_PoissonAndExponential_IsTheQueueOfTheTextbook()
    {
        // M/M/1 at load 0.5: mean time in system is twice the service time.
        DataCenterModel model = Models.Table3() with
        {
            Servers = [new ServerOptions(1) { Capacity = 10_000 }],
            Weights = [1],
            LoadBalancers = 1,
            Traffic = new TrafficOptions
            {
                Classes = [new("job", 1, 1, new(ServiceLaw.Exponential, 1), default)], Rate = 0.5, Duration = 40_000 * Ticks.PerSecond,
            },
        };
        model.Run("ecmp").Mean().ShouldBe(2, 0.1);
    }

    [Fact]
    public void Run_TwoPoliciesOfOneSeed_HaveTheSameJobs() =>
        Models.Table3().Run("sed").Jobs.Select(j => j.Created).ShouldBe(Models.Table3().Run("ecmp").Jobs.Select(j => j.Created));

    [Fact]
    public void Sed_SwappedWeights_IsWorseThanLsq()
    {
        DataCenterModel swapped = Models.Table3() with { Weights = [4, 4, 4, 4, 2, 2, 2] };
        Enumerable.Range(1, 20).Average(s => swapped.Run("sed", (ulong)s).Mean()).ShouldBe(2.26, 0.3);
    }

    [Fact]
    public void Fail_AServer_LosesItsJobsAndIsAvoidedOnceNoticed()
    {
        DataCenterModel model = Models.Table3() with
        {
            Changes = [new CapacityChange(20 * Ticks.PerSecond, new ServerId(6), CapacityChangeKind.Fail)],
        };
        SimulationResult result = model.Run("lsq");
        result.Completed.ShouldBe(result.Jobs.Count);
        result.Jobs.Where(j => j.Rejected).ShouldNotBeEmpty();
        result.Jobs.Where(j => j.Created > 21.1 * Ticks.PerSecond).ShouldAllBe(j => j.Server != 6);
    }

    [Fact]
    public void DrainAndAdd_Servers_AreObeyedAtOnceAndLoseNothing()
    {
        DataCenterModel model = Models.Table3() with
        {
            Changes =
            [
                new CapacityChange(20 * Ticks.PerSecond, new ServerId(0), CapacityChangeKind.Drain),
                new CapacityChange(30 * Ticks.PerSecond, new ServerId(6), CapacityChangeKind.Add),
            ],
        };
        SimulationResult result = model.Run("sed");
        result.Jobs.ShouldAllBe(j => !j.Rejected);
        result.Jobs.Where(j => j.Created > 20 * Ticks.PerSecond).ShouldAllBe(j => j.Server != 0);
        result.Jobs.Where(j => j.Created < 29.9 * Ticks.PerSecond).ShouldAllBe(j => j.Server != 6);
        result.Jobs.ShouldContain(j => j.Server == 6);
    }

    [Fact]
    public void NoServerAvailable_Jobs_AreRejectedByTheLoadBalancer()
    {
        DataCenterModel model = Models.Table3() with
        {
            Changes = [.. Enumerable.Range(0, 7).Select(
                j => new CapacityChange(Ticks.PerSecond, new ServerId(j), CapacityChangeKind.Drain))],
        };
        SimulationResult result = model.Run("sed");
        result.Jobs.Where(j => j.Created > Ticks.PerSecond)
            .ShouldAllBe(j => j.Rejected && j.Server == -1 && j.Completion > 40 * Ticks.PerSecond);
    }

    [Fact]
    public void Controllers_AllObserveBeforeAnyDecides_AndTheirWeightsSteer()
    {
        List<string> calls = [];
        Recorder[] controllers = [new(0, calls), new(1, calls)];
        DataCenterModel model = Models.Table3();
        SimulationResult result = new DataCenterSimulation(model,
            new SimulationOptions("sed", 1) { Controllers = controllers, Drain = false, ObserveTrueLoads = true }).Run();
        calls.Take(4).ShouldBe(["observe 0", "observe 1", "decide 0", "decide 1"]);
        calls.Count.ShouldBe((4 * 121) - 2);
        controllers[0].Saw.ShouldBeTrue();
        // Both put all weight on server 5.
        result.Jobs.Count(j => j.Server == 5).ShouldBeGreaterThan(result.Jobs.Count * 8 / 10);
    }

    [Fact]
    public void Trace_Rows_AreReplayed()
    {
        DataCenterModel model = Models.Table3();
        model = model with { Traffic = model.Traffic with { Trace = [new TraceRow(5, 1000), new TraceRow(9000, 2000)] } };
        SimulationResult result = model.Run("sed");
        result.Jobs.Select(j => j.Created).ShouldBe([5L, 9000]);
    }

    [Fact]
    public void EventQueue_RandomTimes_ComesInOrderOfTimeAndThenOfScheduling()
    {
        RandomStream random = new(1, "test");
        EventQueue queue = new();
        List<(long Time, uint What)> expected = [];
        for (uint k = 0; k < 500; k++)
        {
            long time = random.NextInt32(40);
            queue.Push(time, k);
            expected.Add((time, k));
        }
        List<(long, uint)> popped = [];
        while (queue.TryPop(out long time, out uint what))
        {
            popped.Add((time, what));
        }
        popped.ShouldBe(expected.OrderBy(e => e.Time).ThenBy(e => e.What));
    }

    private sealed class Recorder(int index, List<string> calls) : ILoadBalancerController
    {
        public bool Saw { get; private set; }

        public void Observe(LoadBalancerObservation observation)
        {
            calls.Add($"observe {index}");
            Saw |= observation.Tau(5) > 0 && observation.Ongoing(5) > 0 && observation.OwnLoads[5] > 0
                && observation.TotalLoads[5] >= observation.OwnLoads[5] && observation.InterArrivals[0] > 0;
        }

        public void Decide(Span<float> weights)
        {
            calls.Add($"decide {index}");
            weights.Fill(1);
            weights[5] = 1000;
        }
    }
}
