using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Live.Testbed;

namespace AkkaLb.Live.Tests.Testbed;

public class LoadScaleTests
{
    private static readonly TrafficOptions Traffic = new()
    {
        Classes =
        [
            new JobClass("page", 1, 1, new ServiceTime(ServiceLaw.Constant, 0.09), default),
            new JobClass("file", 2, 1, new ServiceTime(ServiceLaw.Constant, 0.03), default),
        ],
        Rate = 1,
        Duration = 2 * Ticks.PerSecond,
    };

    [Fact]
    public void To_DrawnTraffic_HasTheRateOfTheLoad() => LoadScale.To(Traffic, 0.5, 20).Rate.ShouldBe(200, 1e-9);

    [Fact]
    public void To_Trace_KeepsItsTimesAndScalesItsWork()
    {
        TrafficOptions trace = Traffic with { Trace = [new(0, 10), new(Ticks.PerSecond, 30), new(5 * Ticks.PerSecond, 1000)] };

        IReadOnlyList<TraceRow> rows = LoadScale.To(trace, 0.5, 20).Trace!;

        rows.Select(r => r.Time).ShouldBe(trace.Trace.Select(r => r.Time));
        // Of the rows that are played, over the two seconds.
        (rows[0].Work + rows[1].Work).ShouldBe(20 * Ticks.PerSecond);
        rows[1].Work.ShouldBe(3 * rows[0].Work);
    }
}
