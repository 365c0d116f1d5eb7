using AkkaLb.Learning.Learners;

namespace AkkaLb.Learning.Tests.Learners;

public class CategoricalTests
{
    private static readonly float[] Logits = [0.5f, -1, 2, 0];

    [Fact]
    public void LogSoftmax_HugeLogits_StaysFiniteAndSumsToOne()
    {
        double[] logProbabilities = new double[3];
        Categorical.LogSoftmax([1000, 999, -1000], logProbabilities);
        logProbabilities.Sum(Math.Exp).ShouldBe(1, 1e-12);
        logProbabilities[0].ShouldBe(-Math.Log(1 + Math.Exp(-1)), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.15)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9999999)]
    public void Decide_Sampling_InvertsTheCumulativeDistribution(double uniform)
    {
        double sum = Logits.Sum(l => Math.Exp(l)), below = 0;
        int expected = 0;
        while (uniform >= below + Math.Exp(Logits[expected]) / sum)
        {
            below += Math.Exp(Logits[expected++]) / sum;
        }

        Decision decision = Categorical.Decide(Logits, sample: true, uniform, new double[4]);
        decision.Choice.ShouldBe(expected);
        ((double)decision.LogProbability).ShouldBe(Logits[expected] - Math.Log(sum), 1e-6);
    }

    [Fact]
    public void Decide_Greedy_TakesTheFirstOfTheLikeliest()
    {
        Categorical.Decide(Logits, sample: false, 0, new double[4]).Choice.ShouldBe(2);
        Categorical.Decide([1, 3, 3], sample: false, 0.99, new double[3]).Choice.ShouldBe(1);
    }
}
