using AkkaLb.Live.Load;
using AkkaLb.Live.Testbed;
using AkkaLb.Live.TestServers;

namespace AkkaLb.Live.Tests.Testbed;

public class FiguresTests
{
    [Fact]
    public void PairedRatio_ConstantFactor_IsThatFactorWithoutDoubt()
    {
        PairedRatio ratio = PairedRatio.Of([(1, 2), (2, 4), (4, 8)])!;
        ratio.Ratio.ShouldBe(0.5, 1e-12);
        ratio.Low!.Value.ShouldBe(0.5, 1e-12);
        ratio.High!.Value.ShouldBe(0.5, 1e-12);
        ratio.IsBelow.ShouldBeTrue();
        ratio.IsAbove.ShouldBeFalse();
    }

    [Fact]
    public void PairedRatio_NoDifference_HasOneWithin()
    {
        PairedRatio ratio = PairedRatio.Of([(1, 2), (2, 1), (3, 3)])!;
        ratio.Ratio.ShouldBe(1, 1e-12);
        (ratio.IsBelow || ratio.IsAbove).ShouldBeFalse();
        (ratio.Low < 1 && ratio.High > 1).ShouldBeTrue();
    }

    [Fact]
    public void PairedRatio_FewSeeds_HasNoInterval()
    {
        PairedRatio.Of([(1, 2), (1, 2)])!.Low.ShouldBeNull();
        PairedRatio.Of([]).ShouldBeNull();
        PairedRatio.Of([(0, 1)]).ShouldBeNull();
        PairedRatio.Of([(null, 1)]).ShouldBeNull();
    }

    // 100 requests a second, of the latency in milliseconds that a function of their second gives.
    private static IReadOnlyList<(PlannedRequest, RequestOutcome)> Requests(
        Func<double, double> milliseconds, Func<double, bool>? lost = null) =>
    [
        .. Enumerable.Range(0, 4000).Select(i => i / 100.0).Select(t => (
            new PlannedRequest((long)(t * 1e9), 0, 0, 0),
            new RequestOutcome(0, (long)(milliseconds(t) * 1e6), lost?.Invoke(t) == true ? RequestOutcome.Broken : (short)200, 0))),
    ];

    private static EventFigures Event(IReadOnlyList<(PlannedRequest, RequestOutcome)> requests) =>
        EventFigures.Of(requests, [ServerChange.Parse("20s 1 fail", 2)!], warmUp: 4, end: 40, window: 1).ShouldHaveSingleItem();

    [Fact]
    public void Event_OvershootThatEnds_SettlesWhenItHas()
    {
        EventFigures figures = Event(Requests(t => t < 20 ? 50 : t < 23 ? 400 : 110));
        figures.Before.ShouldNotBeNull().ShouldBe(0.05, 1e-9);
        figures.After.ShouldNotBeNull().ShouldBe(0.11, 1e-9);
        figures.Worst.ShouldNotBeNull().ShouldBe(0.4, 1e-9);
        figures.SettlingSeconds.ShouldBe(3);
        figures.Lost.ShouldBe(0);
        figures.What.ShouldBe("1 fail");
    }

    [Fact]
    public void Event_WithinFifteenPercent_IsSettledAtOnce() => Event(Requests(t => t < 22 ? 125 : 110)).SettlingSeconds.ShouldBe(0);

    [Fact]
    public void Event_StillHighInTheMiddle_HasNotSettled() => Event(Requests(t => t < 30 ? 400 : 110)).SettlingSeconds.ShouldBeNull();

    /// <summary>No answer is no short answer.</summary>
    [Fact]
    public void Event_NothingIsAnsweredForAWhile_SettlesWhenItIs()
    {
        EventFigures figures = Event(Requests(_ => 50, t => t is >= 20 and < 23));
        figures.SettlingSeconds.ShouldBe(3);
        figures.Worst.ShouldBe(0.05);
        Event(Requests(_ => 50, t => t >= 20)).ShouldSatisfyAllConditions(
            never => never.After.ShouldBeNull(), never => never.SettlingSeconds.ShouldBeNull());
    }

    [Fact]
    public void Event_WindowsInWhichNothingWasAsked_DoNotDelayIt() =>
        Event([.. Requests(_ => 50).Where(request => request.Item1.Due is < 20_000_000_000 or >= 23_000_000_000)])
            .SettlingSeconds.ShouldBe(0);

    [Fact]
    public void Event_LostRequests_AreCountedFromAWindowBefore() =>
        Event(Requests(_ => 50, t => t is (>= 10 and < 10.05) or (>= 19.98 and < 20.1))).Lost.ShouldBe(12);

    [Fact]
    public void Event_AfterTheEnd_IsLeftOutAndBoundsNoOther()
    {
        EventFigures.Of(Requests(_ => 50), [ServerChange.Parse("50s 1 fail", 2)!], 4, 40, 1).ShouldBeEmpty();
        IReadOnlyList<(PlannedRequest, RequestOutcome)> requests = Requests(t => t < 20 ? 50 : t < 23 ? 400 : 110);
        EventFigures.Of(requests, [ServerChange.Parse("20s 1 fail", 2)!, ServerChange.Parse("99s 0 fail", 2)!], 4, 40, 1)
            .ShouldBe([Event(requests)]);
    }

    [Fact]
    public void Events_AtOnce_HaveTheirFiguresTogether()
    {
        IReadOnlyList<(PlannedRequest, RequestOutcome)> requests = Requests(t => t < 20 ? 50 : t < 23 ? 400 : 110);
        EventFigures.Of(requests, [ServerChange.Parse("20s 1 fail", 2)!, ServerChange.Parse("20s 0 speed 0.5", 2)!], 4, 40, 1)
            .ShouldBe([Event(requests) with { What = "1 fail, 0 speed 0.5" }]);
    }

    [Fact]
    public void Twin_SedRight_IsFasterThanSwappedAndDoesNotErr()
    {
        TestbedOptions options = TestbedReaderTests.Options("load.duration=60s", "load.warm-up=10s");
        LatencyFigures Play(string contender) =>
            SimulatedTwin.Play(options, new TestbedCell(Contender.Parse(contender)!, 0.8, 2, 1), default)!;

        LatencyFigures right = Play("sed right");

        right.Errors.ShouldBe(0);
        right.Mean.ShouldNotBeNull().ShouldBeGreaterThan(0.05);
        right.Mean.ShouldNotBeNull().ShouldBeLessThan(Play("sed swapped").Mean.ShouldNotBeNull());
        right.Requests.ShouldBeInRange(15000, 17000);
    }

    [Fact]
    public void Twin_Peer_IsNotSimulated()
    {
        TestbedOptions options = TestbedReaderTests.Options();
        SimulatedTwin.Play(options, new TestbedCell(Contender.Parse("haproxy-leastconn")!, 0.8, 2, 1), default).ShouldBeNull();
    }
}
