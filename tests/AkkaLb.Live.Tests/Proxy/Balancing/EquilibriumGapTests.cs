using AkkaLb.Live.Proxy.Balancing;

namespace AkkaLb.Live.Tests.Proxy.Balancing;

public class EquilibriumGapTests
{
    [Fact]
    public void Gap_AllWaitsAlike_IsZero() => EquilibriumGap.Of([2, 4], [20, 40], [0.1, 0.1])!.Value.ShouldBe(0, 1e-9);

    [Fact]
    public void Gap_AllOnOneOfTwoAlike_IsHalf() => EquilibriumGap.Of([4, 0], [10, 10], [0.4, 0])!.Value.ShouldBe(0.5, 1e-9);

    [Fact]
    public void Gap_OthersFillTheServerThatWeLeave_IsZero() =>
        // We have 2 on the first, others 2 on the second: nobody gains by moving.
        EquilibriumGap.Of([2, 0], [10, 10], [0.2, 0.4])!.Value.ShouldBe(0, 1e-9);

    [Fact]
    public void Gap_NothingInFlight_IsUnknown() => EquilibriumGap.Of([0, 0], [10, 10], [0.1, 0.1]).ShouldBeNull();
}
