using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;
using Measures = AkkaLb.Domain.DataCenter.Fairness.Fairness;

namespace AkkaLb.Domain.Tests.DataCenter.Simulation;

public class DataCenterSimulationTests
{
    // Section 5.2's reference values of the reconstruction: 20 seeds, and their spread over seeds with some room.
    [Theory]
    [InlineData("oracle", 1.0, 0.0, 1.25, 0.1)]
    [InlineData("srt", 1.0, 0.0, 1.26, 0.1)]
    [InlineData("gsq", 1.0, 0.0, 1.28, 0.1)]
    [InlineData("gsed", 1.0, 0.0, 1.08, 0.1)]
    [InlineData("sed", 1.0, 0.0, 1.12, 0.1)]
    [InlineData("lsq", 1.0, 0.0, 1.34, 0.1)]
    [InlineData("wcmp", 1.0, 0.0, 2.01, 0.3)]
    [InlineData("ecmp", 1.0, 0.0, 4.84, 0.6)]
    [InlineData("oracle", 0.75, 0.25, 1.24, 0.06)]
    [InlineData("srt", 0.75, 0.25, 1.30, 0.06)]
    [InlineData("gsq", 0.75, 0.25, 1.32, 0.06)]
    [InlineData("gsed", 0.75, 0.25, 1.27, 0.06)]
    [InlineData("sed", 0.75, 0.25, 1.31, 0.06)]
    [InlineData("lsq", 0.75, 0.25, 1.35, 0.06)]
    [InlineData("wcmp", 0.75, 0.25, 1.84, 0.2)]
    [InlineData("ecmp", 0.75, 0.25, 2.24, 0.2)]
    [InlineData("oracle", 0.5, 0.5, 6.41, 1)]
    [InlineData("srt", 0.5, 0.5, 6.46, 1)]
    [InlineData("gsq", 0.5, 0.5, 6.31, 1)]
    [InlineData("gsed", 0.5, 0.5, 6.77, 1)]
    [InlineData("sed", 0.5, 0.5, 6.90, 1)]
    [InlineData("lsq", 0.5, 0.5, 6.34, 1)]
    [InlineData("wcmp", 0.5, 0.5, 13.15, 1.5)]
    [InlineData("ecmp", 0.5, 0.5, 7.97, 1)]
    public void Table3_Reconstruction_GivesTheReferenceValues(string policy, double processor, double disk, double expected,
        double spread) =>
        Enumerable.Range(1, 20).Average(seed => Models.Table3(processor, disk).Run(policy, (ulong)seed).Mean()).ShouldBe(expected, spread);

    /// <summary>
    /// Section 7, SimLB's notebooks: Jain's index of the remaining times of two servers with 4 and 2 workers behind one load balancer, jobs
    /// of 0.2 s, at four rates. How long their episodes were and when they looked is not told, so these are near and not the same.
    /// </summary>
    [Theory]
    [InlineData("srt", 0.04, .92, .95, .96, 1.0)]
    [InlineData("sed", 0.08, .87, .92, .96, .99)]
    [InlineData("lsq", 0.04, .80, .79, .81, .86)]
    [InlineData("wcmp", 0.05, .77, .76, .80, .78)]
    [InlineData("ecmp", 0.04, .51, .52, .52, .52)]
    public void SimLb_RemainingTimes_AreAsFairAsPublished(string policy, double near, params double[] expected)
    {
        double[] rates = [.765, .845, .925, 1.0];
        rates.Select(rate => Jain(policy, rate)).ShouldBe(expected, near);

        static double Jain(string policy, double rate) => Enumerable.Range(1, 2).Average(seed => (Models.Table3() with
        {
            Servers = [new ServerOptions(4), new ServerOptions(2)],
            Weights = [4, 2],
            LoadBalancers = 1,
            SampleInterval = Ticks.PerSecond / 2,
            Traffic = new TrafficOptions
            {
                Classes = [new("job", 1, 1, new(ServiceLaw.Exponential, 0.2), default)], Rate = rate * 6 / 0.2,
                Duration = 300 * Ticks.PerSecond,
            },
        }).Run(policy, (ulong)seed).Loads.Average(sample => Measures.JainIndex(sample.RemainingTimes)));
    }

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
