using AkkaLb.Learning.DataCenter.Rewards;

namespace AkkaLb.Learning.Tests.DataCenter.Rewards;

public class LambdaReturnsTests
{
    private readonly double[] _rewards = [1, 2, 3], _values = [10, 20, 30], _bonuses = [0.1, 0.2, 0.3];

    [Fact]
    public void Fill_LambdaZero_IsOneStep() => Targets(0, _bonuses).ShouldBe([1 + 5, 2 + 10, 3 + 15]);

    [Fact]
    public void Fill_LambdaOne_IsTheSumOfRewardsToTheEnd()
    {
        double third = 3 + 0.5 * 30, second = 2 + 0.5 * (third + 0.2), first = 1 + 0.5 * (second + 0.1);
        Targets(1, _bonuses).ShouldBe([first, second, third]);
        Targets(1, []).ShouldBe([1 + 0.5 * (2 + 0.5 * 18), 2 + 0.5 * 18, 18]);
    }

    [Fact]
    public void Fill_Between_IsTheWeightedMeanOfAllLengths()
    {
        double one = 1 + 0.5 * 10, two = 1 + 0.5 * (2 + 0.5 * 20), three = 1 + 0.5 * (2 + 0.5 * (3 + 0.5 * 30));
        Targets(0.6, [])[0].ShouldBe(0.4 * one + 0.4 * 0.6 * two + 0.36 * three, 1e-12);
    }

    private double[] Targets(double lambda, double[] bonuses)
    {
        var targets = new double[3];
        LambdaReturns.Fill(_rewards, _values, bonuses, 1, 0.5, lambda, targets);
        return targets;
    }
}
