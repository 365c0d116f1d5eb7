using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Agents.Tests.DataCenter;

/// <summary>Actors play an episode exactly as the simulator does: the same events at the same ticks.</summary>
public sealed class ActorsEqualSimulationTests : DataCenterTestKit
{
    public static IEnumerable<object[]> Policies => DispatchPolicies.Names.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Policies))]
    public void Episode_OfAnyPolicy_IsTheSimulatorsEventForEvent(string policy)
    {
        (string simulated, List<(long, EventKind)> expected) = Simulate(
            Eventful, new SimulationOptions(policy, 5) { RecordReplies = true });
        (string played, List<(long, EventKind)> happened) = PlayByActors(
            Eventful, new SimulationOptions(policy, 5) { RecordReplies = true });

        played.ShouldBe(simulated);
        happened.ShouldBe(expected);
        // That all this can differ: another seed gives other events.
        Simulate(Eventful, new SimulationOptions(policy, 6)).Events.ShouldNotBe(expected);
    }

    [Fact]
    public void Episode_OfTheModel_IsEventful()
    {
        (string _, List<(long Time, EventKind Kind)> events) = Simulate(Eventful, new SimulationOptions("awcmp", 5));
        SimulationResult result = new DataCenterSimulation(Eventful, new SimulationOptions("awcmp", 5)).Run();

        events.Select(e => e.Kind).Distinct().ShouldBe(
            Enum.GetValues<EventKind>().Except([EventKind.Control, EventKind.Check]), ignoreOrder: true);
        result.Jobs.Count.ShouldBeGreaterThan(200);
        result.Jobs.Count(j => j.Rejected).ShouldBeGreaterThan(5);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Episode_Guarded_IsTheSimulatorsEventForEvent(string policy)
    {
        SimulationOptions options = new(policy, 5) { RecordReplies = true };
        (string simulated, List<(long, EventKind)> expected) = Simulate(Guarded, options);
        (string played, List<(long, EventKind)> happened) = PlayByActors(Guarded, options);

        played.ShouldBe(simulated);
        happened.ShouldBe(expected);
        Simulate(Guarded with { Failures = new FailureOptions() }, options).Result.ShouldNotBe(simulated);
    }

    [Fact]
    public void Episode_Guarded_IsEventful()
    {
        SimulationResult result = new DataCenterSimulation(Guarded, new SimulationOptions("awcmp", 5)).Run();

        result.Failures.Count.ShouldBe(3);
        result.Failures.Sum(f => f.TimeOuts).ShouldBeGreaterThan(5);
        result.Failures.Sum(f => f.Retries).ShouldBeGreaterThan(5);
        result.Failures.Sum(f => f.Refusals).ShouldBeGreaterThan(0);
        result.Failures.Sum(f => f.Moved).ShouldBeGreaterThan(5);
        result.Failures.SelectMany(f => f.Changes).Select(c => c.State).Distinct().ShouldBe(
            Enum.GetValues<ServerState>(), ignoreOrder: true);
    }

    [Fact]
    public void Episode_GuardedAndControlled_IsTheSimulators()
    {
        List<string> expected = [], shown = [];
        SimulationOptions Options(List<string> log) => new("sed", 5)
        {
            Controllers = [.. Enumerable.Range(0, 3).Select(i => new ShiftingController(i, log))],
        };
        string simulated = Simulate(Guarded, Options(expected)).Result;

        PlayByActors(Guarded, Options(shown)).Result.ShouldBe(simulated);
        shown.ShouldBe(expected);
    }

    [Fact]
    public void Episode_EndsWithItsArrivals_IsTheSimulators()
    {
        SimulationOptions options = new("sed", 5) { Drain = false };
        PlayByActors(Eventful, options).Result.ShouldBe(Simulate(Eventful, options).Result);
    }

    [Fact]
    public void Episode_NoServerAtFirst_IsTheSimulators()
    {
        DataCenterModel model = Eventful with
        {
            Changes = [.. Enumerable.Range(0, 4).Select(
                j => new CapacityChange(2 * Ticks.PerSecond, new ServerId(j), CapacityChangeKind.Add))],
        };
        (string simulated, List<(long, EventKind)> _) = Simulate(model, new SimulationOptions("prequal", 5));

        simulated.ShouldContain("Server = -1");
        PlayByActors(model, new SimulationOptions("prequal", 5)).Result.ShouldBe(simulated);
    }

    [Fact]
    public void Episode_TraceThatEndsEarly_StopsItsProbesToo()
    {
        DataCenterModel model = Eventful with
        {
            Traffic = Eventful.Traffic with { Trace = [.. Enumerable.Range(0, 20).Select(k =>
                new TraceRow(k * Ticks.PerSecond / 20, Ticks.PerSecond / 10))] },
            Changes = [],
        };
        (string simulated, List<(long Time, EventKind Kind)> events) = Simulate(model, new SimulationOptions("awcmp", 5));

        events.Last(e => e.Kind == EventKind.Tick).Time.ShouldBeLessThan(4 * Ticks.PerSecond);
        PlayByActors(model, new SimulationOptions("awcmp", 5)).Result.ShouldBe(simulated);
    }

    [Fact]
    public void Episode_Controlled_ShowsTheSameObservationsAndFollowsTheWeights()
    {
        List<string> expected = [], shown = [];
        DataCenterModel model = Eventful with { ControlPeriod = Ticks.PerSecond / 4 };
        SimulationOptions Options(List<string> log) => new("sed", 5)
        {
            Controllers = [.. Enumerable.Range(0, 3).Select(i => new ShiftingController(i, log))],
        };
        string simulated = Simulate(model, Options(expected)).Result;

        PlayByActors(model, Options(shown)).Result.ShouldBe(simulated);
        shown.ShouldBe(expected);
        shown.Count.ShouldBe(3 * (25 + 24));
        Simulate(model, new SimulationOptions("sed", 5)).Result.ShouldNotBe(simulated);
    }

    private static (string Result, List<(long Time, EventKind Kind)> Events) Simulate(DataCenterModel model, SimulationOptions options)
    {
        List<(long, EventKind)> events = [];
        SimulationResult result = new DataCenterSimulation(model,
            options with { Observer = (time, kind) => events.Add((time, kind)) }).Run();
        return (Describe(result), events);
    }

    private (string Result, List<(long Time, EventKind Kind)> Events) PlayByActors(DataCenterModel model, SimulationOptions options)
    {
        List<(long, EventKind)> events = [];
        SimulationResult result = Play(model, options with { Observer = (time, kind) => events.Add((time, kind)) });
        return (Describe(result), events);
    }

    /// <summary>Favours one server after the other, and writes down what it sees and when it is asked.</summary>
    private sealed class ShiftingController(int loadBalancer, List<string> log) : ILoadBalancerController
    {
        private int _moment;

        public void Observe(LoadBalancerObservation observation)
        {
            _moment = observation.Moment;
            log.Add($"{loadBalancer}@{observation.Time}: {string.Join(' ', observation.Features.ToArray())} "
                + $"{string.Join(' ', observation.Available.ToArray())}");
        }

        public void Decide(Span<float> weights)
        {
            weights.Fill(1);
            weights[(_moment + loadBalancer) % weights.Length] = 2;
            log.Add($"{loadBalancer} decides");
        }
    }
}
