using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.DataCenter.Policies;

public class RoundRobinTests
{
    [Fact]
    public void RoundRobin_Weights_AreTakenInTheSmoothOrder()
    {
        IDispatchPolicy policy = Policy(5, 1, 1);
        policy.SetAvailable([true, true, true]);
        Draw(policy, 7).ShouldBe([0, 0, 1, 0, 2, 0, 0]);
    }

    [Fact]
    public void RoundRobin_OneIsOut_TheOthersTakeTurns()
    {
        IDispatchPolicy policy = Policy(1, 1, 1);
        policy.SetAvailable([true, false, true]);
        Draw(policy, 4).ShouldBe([0, 2, 0, 2]);
    }

    private static IDispatchPolicy Policy(params double[] weights) =>
        DispatchPolicies.Create("round-robin", new PolicyContext(weights, new RandomStream(1, "choices"), null!, new ProbeOptions(), null));

    private static int[] Draw(IDispatchPolicy policy, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => policy.Choose(new Job(), 0))];
}
