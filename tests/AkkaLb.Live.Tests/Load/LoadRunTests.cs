using AkkaLb.Live.Configuration;
using AkkaLb.Live.Load;
using AkkaLb.Live.TestServers;
using AkkaLb.Live.Timing;

namespace AkkaLb.Live.Tests.Load;

/// <summary>Generator and servers together, over loopback.</summary>
public sealed class LoadRunTests : IAsyncLifetime
{
    private readonly PreciseTimeProvider _time = new();
    private TestServerSet _servers = null!;

    public async Task InitializeAsync()
    {
        _servers = new TestServerSet(new TestServersOptions { Slots = [8, 8], Speeds = [1, 1] }, _time);
        await _servers.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _servers.DisposeAsync();
        _time.Dispose();
    }

    private Task<LoadRun> RunAsync(CancellationToken cancellation, params string[] set)
    {
        (LoadOptions options, IReadOnlyList<Uri> targets) = LiveFiles.Load(
            null,
            ["load.duration=600ms", "load.warm-up=100ms", "load.work=5ms", .. set],
            null,
            [.. _servers.Status.Select(s => $"http://{s.Address}/")]);
        return LoadRun.RunAsync(options, targets, _time, null, cancellation);
    }

    [Fact]
    public async Task Run_AgainstServers_EveryRequestIsAnsweredByItsTarget()
    {
        LoadRun run = await RunAsync(default);

        run.Outcomes.ShouldAllBe(o => o.IsSuccess);
        run.Outcomes.Select(o => (int)o.Server).ShouldBe(run.Plan.Select(p => p.Target));
        run.Plan.Zip(run.Outcomes, (planned, outcome) => outcome.Latency - planned.Work).ShouldAllBe(rest => rest >= 0);
        _servers.Status.Sum(s => s.Served).ShouldBe(run.Plan.Count);
        run.ToCsv().Split('\n').Length.ShouldBe(run.Plan.Count + 2);
    }

    [Fact]
    public async Task Run_Csv_IsReadBack()
    {
        LoadRun run = await RunAsync(default);

        IReadOnlyList<(PlannedRequest Planned, RequestOutcome Outcome)> read = RequestsFile.Read(run.ToCsv().TrimEnd('\n').Split('\n'));

        read.Select(r => r.Planned).ShouldBe(run.Plan);
        read.Select(r => r.Outcome).ShouldBe(run.Outcomes);
    }

    [Fact]
    public async Task Run_Histogram_HoldsTheRequestsThatCount()
    {
        LoadRun run = await RunAsync(default);
        StringWriter text = new();
        run.WriteHistogram(text);
        text.ToString().ShouldContain($"Total count    = {run.Report.All.Requests - run.Report.All.Errors,12}");
    }

    [Fact]
    public async Task Run_Interrupted_EndsAndIsVoid()
    {
        using CancellationTokenSource stop = new();
        Task<LoadRun> run = RunAsync(stop.Token, "load.duration=1h", "load.warm-up=0s");
        await Eventually.BecomesTrue(() => _servers.Status.Sum(s => s.Served) > 3, "some were answered");
        await stop.CancelAsync();

        (await run).Report.Void.ShouldBe("interrupted");
        string[] written = [.. (await run).ToCsv().Split('\n').Skip(1).SkipLast(1)];
        written.Length.ShouldBeInRange(1, (await run).Plan.Count - 1);
        written.Length.ShouldBe((await run).Outcomes.Count(outcome => outcome.Status != RequestOutcome.Unfinished));
    }
}
