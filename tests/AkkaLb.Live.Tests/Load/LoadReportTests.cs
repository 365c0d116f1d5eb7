using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Live.Load;

namespace AkkaLb.Live.Tests.Load;

public class LoadReportTests
{
    private static readonly LoadOptions Options = new()
    {
        Traffic = new TrafficOptions
        {
            Classes =
            [
                new JobClass("page", 0.5, 1, new ServiceTime(ServiceLaw.Constant, 0.05), default),
                new JobClass("file", 0.5, 1, new ServiceTime(ServiceLaw.Constant, 0.01), default),
            ],
            Rate = 100,
            Duration = 2 * Ticks.PerSecond,
        },
        WarmUp = TimeSpan.FromSeconds(1),
    };

    // A request every 10 ms: 100 in the warm-up, and 100 that count.
    private static readonly PlannedRequest[] Plan =
        [.. Enumerable.Range(0, 200).Select(i => new PlannedRequest(i * 10_000_000L, 0, 0, (byte)(i % 2)))];

    private static LoadReport Report(Func<int, RequestOutcome> outcome, double? processor = 0.5, bool interrupted = false) =>
        LoadReport.Of(Options, Plan, [.. Plan.Select((_, i) => outcome(i))], processor, interrupted);

    [Fact]
    public void Of_WarmUp_DoesNotCount()
    {
        LoadReport report = Report(
            i => new RequestOutcome(0, i < 100 ? 5_000_000_000 : (i - 99) * 1_000_000L, 200, (short)(i % 4 == 0 ? 0 : 2)));

        report.All.Requests.ShouldBe(100);
        report.All.Errors.ShouldBe(0);
        report.All.Mean.ShouldNotBeNull().ShouldBe(0.0505, 1e-9);
        report.All.P50.ShouldNotBeNull().ShouldBe(0.050, 0.0001);
        report.All.P99.ShouldNotBeNull().ShouldBe(0.099, 0.0001);
        report.All.Max.ShouldNotBeNull().ShouldBe(0.100, 0.0001);
        report.All.Shares.ShouldBe([0.25, 0, 0.75]);
        report.Rate.ShouldBe(100, 1e-9);
        report.Seconds.ShouldBe(1, 1e-9);
        report.Statuses.ShouldBe(new Dictionary<string, long> { ["200"] = 100 });
        report.Void.ShouldBeNull();
    }

    [Fact]
    public void Of_Classes_AreToldApart()
    {
        LoadReport report = Report(i => new RequestOutcome(0, i % 2 == 0 ? 50_000_000 : 10_000_000, 200, -1));
        report.Classes["page"].Mean.ShouldNotBeNull().ShouldBe(0.05, 1e-9);
        report.Classes["file"].Mean.ShouldNotBeNull().ShouldBe(0.01, 1e-9);
        report.All.Shares.ShouldBeEmpty();
    }

    [Fact]
    public void Of_NothingAnswered_HasNoLatency()
    {
        LatencyFigures figures = Report(_ => new RequestOutcome(0, 20_000_000, 503, 0)).All;
        figures.Errors.ShouldBe(100);
        new[] { figures.Mean, figures.P50, figures.P99, figures.Max }.ShouldAllBe(latency => latency == null);
    }

    [Fact]
    public void Of_Errors_CountAndAreNoLatencies()
    {
        LoadReport report = Report(i => new RequestOutcome(
            0, 20_000_000, (i % 10) switch { 0 => RequestOutcome.Broken, 1 => RequestOutcome.TimedOut, 2 => 503, _ => (short)200 }, 0));

        (report.All.Requests, report.All.Errors).ShouldBe((100, 30));
        report.All.Max.ShouldNotBeNull().ShouldBe(0.02, 0.0001);
        report.Statuses.ShouldBe(
            new Dictionary<string, long> { ["503"] = 10, ["200"] = 70, ["broken"] = 10, ["timed-out"] = 10 }, ignoreOrder: true);
    }

    [Fact]
    public void Of_OneInAHundredLate_IsVoid()
    {
        Report(i => new RequestOutcome(i >= 198 ? 6_000_000 : 0, 20_000_000, 200, 0)).Void.ShouldStartWith(
            "the generator was late: 1 request in 100 by 6.0 ms");
        Report(i => new RequestOutcome(i >= 198 ? 5_000_000 : 0, 20_000_000, 200, 0)).Void.ShouldBeNull();
    }

    [Fact]
    public void Of_ProcessorsBusy_IsVoid()
    {
        Report(_ => new RequestOutcome(0, 1, 200, 0), processor: 0.86).Void.ShouldBe("the processors were 86 % busy, allowed are 85 %");
        Report(_ => new RequestOutcome(0, 1, 200, 0), processor: 0.85).Void.ShouldBeNull();
        Report(_ => new RequestOutcome(0, 1, 200, 0), processor: null).Void.ShouldBeNull();
    }

    [Fact]
    public void Of_Interrupted_ReportsWhatWasAnsweredAndIsVoid()
    {
        LoadReport report = Report(i => i < 150 ? new RequestOutcome(0, 20_000_000, 200, 0) : default, interrupted: true);
        report.Void.ShouldBe("interrupted");
        report.All.Requests.ShouldBe(50);
        report.Rate.ShouldBe(102, 0.1);
    }

    /// <summary>However few came: an instant is no time to count requests in.</summary>
    [Fact]
    public void Of_OneRequest_IsARateOverTheWholeTime()
    {
        LoadReport report = LoadReport.Of(
            Options, [new PlannedRequest(1_500_000_000, 0, 0, 0)], [new RequestOutcome(0, 1, 200, 0)], null, interrupted: false);
        (report.Rate, report.Seconds).ShouldBe((1, 1));
    }

    [Fact]
    public void Of_TraceShorterThanTheDuration_EndsAGapAfterItsLastRequest()
    {
        LoadOptions options = Options with
        {
            Traffic = Options.Traffic with
            {
                Trace = [.. Plan.Select(request => new TraceRow(request.Due, 0))], Duration = 60 * Ticks.PerSecond,
            },
        };
        LoadReport report = LoadReport.Of(options, Plan, [.. Plan.Select(_ => new RequestOutcome(0, 1, 200, 0))], null, interrupted: false);
        (report.Rate, report.Seconds).ShouldBe((100, 1));
    }

    [Fact]
    public void Of_NothingAfterTheWarmUp_IsVoid() =>
        LoadReport.Of(Options, Plan[..50], new RequestOutcome[50], null, interrupted: false).Void.ShouldBe("no request after the warm-up");
}
