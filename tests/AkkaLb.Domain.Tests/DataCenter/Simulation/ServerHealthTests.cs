using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.Tests.DataCenter.Simulation;

public class ServerHealthTests
{
    private static DataCenterModel With(long detection, params (double Seconds, int Server, CapacityChangeKind Kind)[] changes) =>
        Models.Table3() with
        {
            DetectionDelay = detection,
            Changes = [.. changes.Select(c => new CapacityChange(Ticks.FromSeconds(c.Seconds), new ServerId(c.Server), c.Kind))],
        };

    private static IEnumerable<JobRecord> SentTo(SimulationResult result, int server, double after) =>
        result.Jobs.Where(j => j.Server == server && j.Created > after * Ticks.PerSecond);

    [Fact]
    public void Drain_BeforeAReturnIsNoticed_Stays() =>
        SentTo(
            With(Ticks.PerSecond, (10, 2, CapacityChangeKind.Fail), (19.8, 2, CapacityChangeKind.Return), (20, 2, CapacityChangeKind.Drain))
                .Run("sed"), 2, 20).ShouldBeEmpty();

    [Fact]
    public void Drain_ThenFailAndReturn_Stays() =>
        SentTo(
            With(Ticks.PerSecond, (10, 2, CapacityChangeKind.Drain), (15, 2, CapacityChangeKind.Fail), (20, 2, CapacityChangeKind.Return))
                .Run("sed"), 2, 10).ShouldBeEmpty();

    [Theory]
    [InlineData("oracle")]
    [InlineData("srt")]
    [InlineData("gsq")]
    [InlineData("gsed")]
    public void Fail_Unnoticed_IsKnownToPoliciesThatKnowTheTruth(string policy) =>
        SentTo(With(40 * Ticks.PerSecond, (10, 4, CapacityChangeKind.Fail)).Run(policy), 4, 10).ShouldBeEmpty();

    [Theory]
    [InlineData("awcmp")]
    [InlineData("prequal")]
    [InlineData("sed")]
    [InlineData("lsq")]
    public void Fail_Unnoticed_DoesNotLookIdle(string policy)
    {
        DataCenterModel model = With(40 * Ticks.PerSecond, (10, 4, CapacityChangeKind.Fail));
        double Share(string name) => Enumerable.Range(1, 3).Average(seed =>
            model.Run(name, (ulong)seed).Jobs.Where(j => j.Created > 15 * Ticks.PerSecond && j.Created < 45 * Ticks.PerSecond)
                .Average(j => j.Server == 4 ? 1.0 : 0));
        Share(policy).ShouldBeLessThan(Share("wcmp") / 2);
    }

    [Fact]
    public void Cancel_WhileItRuns_EndsIt()
    {
        using CancellationTokenSource stop = new();
        int events = 0;
        SimulationOptions options = new("sed", 1)
        {
            Observer = (_, _) =>
            {
                if (++events == 10)
                {
                    stop.Cancel();
                }
            },
        };
        Should.Throw<OperationCanceledException>(() => new DataCenterSimulation(Models.Table3(), options).Run(stop.Token));
        events.ShouldBeLessThan(2000);
    }

    [Fact]
    public void Disk_OfManyLongJobs_FinishesWithTheRightFigures()
    {
        // 20,000 jobs of 900 s share one disk: products of these leave 64 bits. All are there before the first ends, so the disk works
        // without a pause and the last leaves when all work is done.
        DataCenterModel model = Models.Table3() with
        {
            Servers = [new ServerOptions(1024) { JobsPerWorker = 1024, Capacity = 1_000_000 }],
            Weights = [1],
            Traffic = new TrafficOptions
            {
                Classes = [new("job", 1, 2, default, new(ServiceLaw.Constant, 900))], Rate = 400, Duration = 50 * Ticks.PerSecond,
            },
        };
        SimulationResult result = model.Run("sed");
        result.Completed.ShouldBe(result.Jobs.Count);
        double last = result.Jobs.Max(j => Ticks.ToSeconds(j.Created + j.Completion));
        last.ShouldBe(900.0 * result.Jobs.Count, 1);
        result.Jobs.ShouldAllBe(j => j.Completion > 0);
    }

    [Fact]
    public void Load_OfATrace_IsThatOfTheRowsPlayed()
    {
        DataCenterModel model = Models.Table3();
        model = model with
        {
            Traffic = model.Traffic with
            {
                Duration = 10 * Ticks.PerSecond,
                Trace = [.. Enumerable.Range(0, 100).Select(k => new TraceRow(k * Ticks.PerSecond / 2, 12 * Ticks.PerSecond))],
            },
        };
        // 20 of the 100 rows, 12 s each, in 10 s on 20 workers.
        model.ProcessorLoad.ShouldBe(1.2, 1e-9);
    }
}
