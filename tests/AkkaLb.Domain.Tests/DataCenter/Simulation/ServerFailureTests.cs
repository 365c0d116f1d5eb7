using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.Tests.DataCenter.Simulation;

/// <summary>What load balancers do about servers that fail.</summary>
public class ServerFailureTests
{
    private const long Second = Ticks.PerSecond;

    // Server 4 has four of the twenty workers.
    private const int Dead = 4;

    private static DataCenterModel With(FailureOptions failures, params (double Seconds, int Server, CapacityChangeKind Kind)[] changes) =>
        Models.Table3() with
        {
            DetectionDelay = 1000 * Second,
            Failures = failures,
            Changes = [.. changes.Select(c => new CapacityChange(Ticks.FromSeconds(c.Seconds), new ServerId(c.Server), c.Kind))],
        };

    private static FailureOptions Checks(double interval = 0.5, double timeout = 0.1, int fall = 3, int rise = 2) => new()
    {
        Health = new HealthCheckOptions(Ticks.FromSeconds(interval), Ticks.FromSeconds(timeout), fall, rise),
    };

    [Theory]
    [InlineData(0.5, 0.1, 3)]
    [InlineData(2, 1, 3)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 0.25, 5)]
    public void Detection_ByChecks_IsThatManyIntervalsAndATimeout(double interval, double timeout, int fall)
    {
        DataCenterModel model = With(Checks(interval, timeout, fall), (10.2, Dead, CapacityChangeKind.Fail));
        SimulationResult result = model.Run("sed");
        for (int i = 0; i < model.LoadBalancers; i++)
        {
            long first = model.FirstCheck(i);
            while (first < Ticks.FromSeconds(10.2))
            {
                first += Ticks.FromSeconds(interval);
            }
            long noticed = first + (fall - 1) * Ticks.FromSeconds(interval) + Ticks.FromSeconds(timeout);
            result.Failures[i].Changes.ShouldBe([new ServerStateChange(noticed, Dead, ServerState.Unhealthy)]);
        }
        long last = result.Failures.Max(f => f.Changes[0].Time);
        result.Jobs.Count(j => j.Server == Dead && j.Created > last).ShouldBe(0);
        result.Jobs.Count(j => j.Server == Dead && j.Created > Ticks.FromSeconds(10.2)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Return_AfterSoManyAnswers_IsNoticedAndUsed()
    {
        DataCenterModel model = With(Checks(), (10.2, Dead, CapacityChangeKind.Fail), (20.2, Dead, CapacityChangeKind.Return));
        SimulationResult result = model.Run("sed");
        // The first check of load balancer 0 after 20.2 s is at 20.5 s, the second at 21 s; an answer takes up to 2 ms.
        ServerStateChange back = result.Failures[0].Changes[1];
        back.State.ShouldBe(ServerState.Healthy);
        back.Time.ShouldBeInRange(21 * Second, 21 * Second + 2 * Ticks.PerMillisecond);
        result.Jobs.Count(j => j.Server == Dead && j.Created > 22 * Second && !j.Rejected).ShouldBeGreaterThan(50);
    }

    [Fact]
    public void DeadServer_CostsTimeOuts_NotRefusals()
    {
        FailureOptions failures = Checks() with { ConnectTimeout = Second, SilenceTimeout = 2 * Second };
        SimulationResult result = With(failures, (10.2, Dead, CapacityChangeKind.Fail)).Run("sed");
        result.Failures.Sum(f => f.Refusals).ShouldBe(0);
        JobRecord[] lost = [.. result.Jobs.Where(j => j.Rejected)];
        lost.ShouldAllBe(j => j.Lost && j.Server == Dead);
        lost.Length.ShouldBe((int)result.Failures.Sum(f => f.TimeOuts));
        // Those that came when it was dead waited for the time-out, and count with 40 s more, as all do that are not done.
        JobRecord[] came = [.. lost.Where(j => j.Created > Ticks.FromSeconds(10.2))];
        came.Length.ShouldBeGreaterThan(0);
        came.ShouldAllBe(j => j.Completion > 41 * Second && j.Completion < 41 * Second + 20 * Ticks.PerMillisecond);
    }

    [Fact]
    public void Retry_OfAJobThatTimedOut_SavesIt()
    {
        FailureOptions failures = Checks() with
        {
            ConnectTimeout = Second, SilenceTimeout = 2 * Second, Retries = new RetryOptions(Most: 1),
        };
        SimulationResult result = With(failures, (10.2, Dead, CapacityChangeKind.Fail)).Run("sed");
        result.Jobs.ShouldAllBe(j => !j.Rejected);
        result.Failures.Sum(f => f.Retries).ShouldBe(result.Failures.Sum(f => f.TimeOuts));
        result.Failures.Sum(f => f.Retries).ShouldBeGreaterThan(0);

        SimulationResult none = With(failures with { Idempotent = 0 }, (10.2, Dead, CapacityChangeKind.Fail)).Run("sed");
        none.Failures.Sum(f => f.Retries).ShouldBe(0);
        none.Jobs.Count(j => j.Lost).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Retries_WhenAllServersAreDead_StayWithinTheBudget()
    {
        FailureOptions failures = new() { ConnectTimeout = Second / 10, Retries = new RetryOptions(Most: 10, Budget: 0.1) };
        SimulationResult result = With(
            failures, [.. Enumerable.Range(0, 7).Select(j => (0.0, j, CapacityChangeKind.Fail))]).Run("sed");
        result.Jobs.ShouldAllBe(j => j.Lost);
        // What is saved up at the start, and a tenth of the jobs.
        result.Failures.Sum(f => f.Retries).ShouldBeInRange(2 * RetryBudget.AtStart, 2 * RetryBudget.AtStart + result.Jobs.Count / 10);
    }

    [Fact]
    public void Ejection_ByErrorsAlone_LeavesTheServerAloneAndTakesItBackSlowly()
    {
        FailureOptions failures = new()
        {
            ConnectTimeout = Second / 5, SilenceTimeout = Second / 5, Ejection = new EjectionOptions(), SlowStart = 10 * Second,
        };
        DataCenterModel model = With(failures, (10, Dead, CapacityChangeKind.Fail), (12, Dead, CapacityChangeKind.Return)) with
        {
            LoadBalancers = 1,
        };
        SimulationResult slow = model.Run("sed"), atOnce = (model with { Failures = failures with { SlowStart = 0 } }).Run("sed");
        IReadOnlyList<ServerStateChange> changes = slow.Failures[0].Changes;
        changes.Select(c => c.State).ShouldBe([ServerState.Ejected, ServerState.TakenBack]);
        long ejected = changes[0].Time, back = changes[1].Time;
        (back - ejected).ShouldBeInRange(5 * Second, 6 * Second);
        // A job is made up to 5 ms before it is at the load balancer.
        slow.Jobs.Count(j => j.Server == Dead && j.Created > ejected && j.Created < back - Second / 100).ShouldBe(0);
        int Sent(SimulationResult result, double from, double to) => result.Jobs.Count(j =>
            j.Server == Dead && j.Created > back + Ticks.FromSeconds(from) && j.Created < back + Ticks.FromSeconds(to));
        atOnce.Failures[0].Changes.ShouldBe(changes);
        Sent(slow, 0, 3).ShouldBeLessThan(Sent(atOnce, 0, 3) / 2);
        Sent(slow, 12, 30).ShouldBeGreaterThan(Sent(atOnce, 12, 30) * 2 / 3);
    }

    [Fact]
    public void Ejection_OfMoreThanHalf_IsPassedOver()
    {
        FailureOptions failures = new() { ConnectTimeout = Second / 5, SilenceTimeout = Second / 5, Ejection = new EjectionOptions() };
        DataCenterModel model = With(failures, [.. Enumerable.Range(0, 4).Select(j => (10.0, j, CapacityChangeKind.Fail))]);
        model.Run("wcmp").Failures.Sum(f => f.Panics).ShouldBeGreaterThan(0);
        With(failures, (10, Dead, CapacityChangeKind.Fail)).Run("wcmp").Failures.Sum(f => f.Panics).ShouldBe(0);
    }

    [Fact]
    public void StickyClient_GoesElsewhereOnlyWhenItsServerIsGone()
    {
        const int Clients = 60;
        DataCenterModel model = With(
            Checks() with { StickyClients = Clients, ConnectTimeout = Second }, (20, Dead, CapacityChangeKind.Fail),
            (30, 1, CapacityChangeKind.Drain)) with { LoadBalancers = 1 };
        SimulationResult result = model.Run("sed");
        long gone = result.Failures[0].Changes.Single().Time;
        Dictionary<int, int> boundTo = [];
        int moved = 0;
        foreach ((Job job, long arrival) in Jobs(model).Select(j => (j, j.Created + j.ToLoadBalancer)).OrderBy(j => j.Item2))
        {
            int server = result.Jobs[(int)job.Number].Server, client = JobTraits.Client(job.Hash, Clients);
            if (boundTo.TryGetValue(client, out int bound) && bound != server)
            {
                moved++;
                (bound == Dead ? arrival >= gone : bound == 1 && arrival >= 30 * Second).ShouldBeTrue();
            }
            else if (bound == Dead && boundTo.ContainsKey(client))
            {
                arrival.ShouldBeLessThanOrEqualTo(gone);
            }
            boundTo[client] = server;
        }
        boundTo.Count.ShouldBe(Clients);
        moved.ShouldBeGreaterThan(5);
        result.Failures[0].Moved.ShouldBe(moved);
        // Without being bound clients go all over the place.
        With(Checks()).Run("sed").Failures[0].Moved.ShouldBe(0);
    }

    [Fact]
    public void Health_OfAServerInMaintenance_IsNotAskedFor()
    {
        (double, int, CapacityChangeKind)[] reboot =
        [
            (15, Dead, CapacityChangeKind.Fail), (20, Dead, CapacityChangeKind.Return), (30, Dead, CapacityChangeKind.Enable),
        ];
        SimulationResult maintained = With(Checks(), [(10, Dead, CapacityChangeKind.Maintain), .. reboot]).Run("sed");
        SimulationResult drained = With(Checks(), [(10, Dead, CapacityChangeKind.Drain), .. reboot]).Run("sed");
        maintained.Failures.ShouldAllBe(f => f.Changes.Count == 0);
        drained.Failures.ShouldAllBe(f => f.Changes.Count == 2);
        foreach (SimulationResult result in new[] { maintained, drained })
        {
            result.Jobs.Count(j => j.Server == Dead && j.Created > 10 * Second && j.Created < Ticks.FromSeconds(29.99)).ShouldBe(0);
            result.Jobs.Count(j => j.Server == Dead && j.Created > 30 * Second).ShouldBeGreaterThan(50);
        }
    }

    [Fact]
    public void Enable_OfADrainedServerThatIsDead_WaitsForItsHealth()
    {
        SimulationResult result = With(
            Checks(), (10, Dead, CapacityChangeKind.Drain), (15, Dead, CapacityChangeKind.Fail), (20, Dead, CapacityChangeKind.Enable),
            (40, Dead, CapacityChangeKind.Return)).Run("sed");
        result.Jobs.Count(j => j.Server == Dead && j.Created > 10 * Second && j.Created < 40 * Second).ShouldBe(0);
        result.Jobs.Count(j => j.Server == Dead && j.Created > 42 * Second).ShouldBeGreaterThan(50);
    }

    [Theory]
    [InlineData("sed")]
    [InlineData("prequal")]
    public void Run_OfTheSameSeed_IsTheSame(string policy)
    {
        FailureOptions failures = Checks() with
        {
            ConnectTimeout = Second, SilenceTimeout = Second, Retries = new RetryOptions(), Ejection = new EjectionOptions(),
            SlowStart = 10 * Second, StickyClients = 30,
        };
        DataCenterModel model = With(failures, (10.2, Dead, CapacityChangeKind.Fail), (30, Dead, CapacityChangeKind.Return));
        SimulationResult first = model.Run(policy), second = model.Run(policy);
        second.Jobs.ShouldBe(first.Jobs);
        second.Failures.SelectMany(f => f.Changes).ShouldBe(first.Failures.SelectMany(f => f.Changes));
        model.Run(policy, seed: 2).Jobs.ShouldNotBe(first.Jobs);
    }

    [Fact]
    public void Options_WithoutAny_AreOff()
    {
        new FailureOptions().IsOn.ShouldBeFalse();
        SimulationResult result = With(new FailureOptions(), (10, Dead, CapacityChangeKind.Fail)).Run("sed");
        result.Failures.ShouldBeEmpty();
        // The clients give up after 40 s.
        result.Jobs.Count(j => j.Lost).ShouldBeGreaterThan(0);
    }

    private static IEnumerable<Job> Jobs(DataCenterModel model)
    {
        TrafficSource source = new(model.Traffic, model.LoadBalancers, 1, 0);
        Job job = default;
        while (source.TryNext(ref job))
        {
            yield return job;
        }
    }
}
