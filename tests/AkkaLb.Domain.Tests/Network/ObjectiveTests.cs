using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

public class ObjectiveTests
{
    private static readonly double[] Capacities = [10, 10, 20, 10];

    [Fact]
    public void FortzThorup_EachPiece_HasItsSlope()
    {
        double Cost(double u) => Objective.FortzThorup.Evaluate([u], [1]);

        Cost(0.3).ShouldBe(0.3, 1e-12);
        double at = 1.0 / 3;
        foreach ((double from, double to, double slope) in new[] { (1.0 / 3, 2.0 / 3, 3.0), (2.0 / 3, 0.9, 10), (0.9, 1, 70), (1, 1.1, 500),
            (1.1, 2, 5000) })
        {
            at += slope * (to - from);
            Cost(to).ShouldBe(at, 1e-9 * at);
        }
    }

    [Fact]
    public void FortzThorup_Links_CountByTheirCapacity() =>
        Objective.FortzThorup.Evaluate([1, 2, 6, 0], Capacities).ShouldBe((1.0 + 2 + 6) / 50, 1e-12);

    [Fact]
    public void MeanDelay_IsPacketsUnderWayAndFiniteAboveCapacity()
    {
        Objective.MeanDelay.Evaluate([5, 0, 15, 0], Capacities).ShouldBe(1 + 3, 1e-12);
        double full = Objective.MeanDelay.Evaluate([9.9], [10]), over = Objective.MeanDelay.Evaluate([20], [10]);
        full.ShouldBe(99, 1e-9);
        over.ShouldBe(99 + 1.01 * 1e4, 1e-6);
    }

    [Fact]
    public void Percentile95_IsByNearestRank()
    {
        double[] hundred = [.. Enumerable.Range(1, 100).Reverse().Select(i => (double)i)];
        Objective.Percentile95.Evaluate(hundred, [.. hundred.Select(_ => 100.0)]).ShouldBe(0.95);
        Objective.Percentile95.Evaluate([1, 2, 6, 0], Capacities).ShouldBe(0.3);
    }
}
