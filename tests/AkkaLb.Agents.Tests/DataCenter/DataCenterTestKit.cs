using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Plays;
using AkkaLb.Agents.Tests.Serialization;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Agents.Tests.DataCenter;

/// <summary>Plays episodes with real actors.</summary>
public abstract class DataCenterTestKit(string hocon = "") : TestKit(Configuration + WireBindings.Hocon + hocon)
{
    private const string Configuration = """
        akka {
          loglevel = WARNING, stdout-loglevel = OFF, test.filter-leeway = 1m
          persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        }
        """;

    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A few seconds in which everything happens: jobs of three stages, rejects, and servers that slow down, fail, return, are drained and
    /// added.
    /// </summary>
    protected static DataCenterModel Eventful => new()
    {
        Servers = [.. new[] { 1, 2, 2, 4 }.Select(w => new ServerOptions(w) { Capacity = 8, JobsPerWorker = 2 })],
        Weights = [1, 2, 2, 4],
        LoadBalancers = 3,
        Traffic = new TrafficOptions
        {
            Classes =
            [
                new("page", 2, 3, new(ServiceLaw.Exponential, 0.2), new(ServiceLaw.Exponential, 0.02)),
                new("file", 1, 1, new(ServiceLaw.Uniform, 0.05), default),
            ],
            Rate = 60,
            Duration = 6 * Ticks.PerSecond,
            ModulationAmplitude = 0.5,
        },
        Changes =
        [
            At(1, 2, CapacityChangeKind.Add), At(1.5, 3, CapacityChangeKind.Speed, 0.5), At(2, 0, CapacityChangeKind.Fail),
            At(3, 0, CapacityChangeKind.Return), At(4, 1, CapacityChangeKind.Drain), At(4.5, 3, CapacityChangeKind.Speed, 2),
        ],
        DetectionDelay = Ticks.PerSecond / 4,
        Probing = new ProbeOptions { Period = Ticks.PerSecond / 8 },
        SampleInterval = Ticks.PerSecond / 2,
    };

    /// <summary>The same with everything that load balancers can do about servers that fail.</summary>
    protected static DataCenterModel Guarded => Eventful with
    {
        Changes =
        [
            At(1, 2, CapacityChangeKind.Add), At(1.5, 3, CapacityChangeKind.Fail), At(2.5, 0, CapacityChangeKind.Maintain),
            At(3, 3, CapacityChangeKind.Return), At(3.5, 0, CapacityChangeKind.Enable), At(4, 1, CapacityChangeKind.Drain),
        ],
        Failures = new FailureOptions
        {
            ConnectTimeout = Ticks.PerSecond / 10,
            SilenceTimeout = Ticks.PerSecond / 5,
            Health = new HealthCheckOptions(Ticks.PerSecond / 4, Ticks.PerSecond / 20),
            Retries = new RetryOptions(Most: 2),
            Idempotent = 0.9,
            Ejection = new EjectionOptions { Consecutive = 3, Time = Ticks.PerSecond / 2 },
            SlowStart = Ticks.PerSecond,
            StickyClients = 50,
        },
    };

    protected SimulationResult Play(DataCenterModel model, SimulationOptions options)
    {
        Start(model, () => options).Tell(PlayCommands.StartPlay.Instance, TestActor);
        return ExpectMsg<DataCenterEvents.EpisodePlayed>(Patience).Result;
    }

    /// <param name="options">Made anew whenever the episode is played from its start.</param>
    protected IActorRef Start(DataCenterModel model, Func<SimulationOptions> options, AgentJournal? journal = null, bool handsOver = false,
        string episode = "test.0") =>
        Sys.ActorOf(PlayActor.Props(
            "data-centre",
            agents => DataCenterActor.Props(model, options(), agents is null ? null : new EpisodeJournal(agents, episode), handsOver),
            journal));

    /// <summary>All of a result, in a form that can be compared.</summary>
    protected static string Describe(SimulationResult result) => string.Join('\n',
    [
        $"{result.Completed} completed, {result.Events} events, {result.Probes} probes",
        .. result.Jobs.Select(j => $"{j}"),
        .. result.Loads.Select(l =>
            $"{l.Time}: {string.Join(' ', l.Jobs)}; {string.Join(' ', l.RemainingTimes)}; {string.Join(' ', l.Busy)}; "
                + $"{string.Join(' ', l.ProcessorUse)}"),
        .. result.Replies.Select(r => $"{r}"),
        .. result.Failures.Select(f => $"{f with { Changes = [] }} {string.Join(' ', f.Changes)}"),
    ]);

    private static CapacityChange At(double seconds, int server, CapacityChangeKind kind, double speed = 1) =>
        new(Ticks.FromSeconds(seconds), new ServerId(server), kind, speed);
}
