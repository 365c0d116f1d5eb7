using AkkaLb.Learning.Learners;

namespace AkkaLb.Learning.Tests.Learners;

public class GeneralisedAdvantageTests
{
    [Fact]
    public void Compute_MatchesTheSumOfDiscountedErrors()
    {
        double[] rewards = [1, -0.5, 0.25, 2], advantages = new double[4], returns = new double[4];
        float[] values = [0.5f, 1, -1, 0.25f, 3];
        GeneralisedAdvantage.Compute(rewards, values, 0.9, 0.95, advantages, returns);
        for (int t = 0; t < 4; t++)
        {
            double expected = 0;
            for (int l = t; l < 4; l++)
            {
                expected += Math.Pow(0.9 * 0.95, l - t) * (rewards[l] + 0.9 * values[l + 1] - values[l]);
            }

            advantages[t].ShouldBe(expected, 1e-12);
            returns[t].ShouldBe(values[t] + expected, 1e-12);
        }
    }

    [Fact]
    public void Normalise_GivesMeanZeroAndDeviationOne()
    {
        double[] advantages = [3, 5, 7, 1];
        GeneralisedAdvantage.Normalise(advantages);
        advantages.Average().ShouldBe(0, 1e-12);
        advantages.Average(a => a * a).ShouldBe(1, 1e-7);
        double[] equal = [2, 2, 2];
        GeneralisedAdvantage.Normalise(equal);
        equal.ShouldBe([0, 0, 0]);
    }
}
