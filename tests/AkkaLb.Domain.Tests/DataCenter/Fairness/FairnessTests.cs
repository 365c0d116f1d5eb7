using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Fairness;
using AkkaLb.Domain.Randomness;
using Measures = AkkaLb.Domain.DataCenter.Fairness.Fairness;

namespace AkkaLb.Domain.Tests.DataCenter.Fairness;

/// <summary>Sections 1.2 and 1.4 of the specification.</summary>
public class FairnessTests
{
    [Fact]
    public void Of_SmallLoads_AreTheDefinitions()
    {
        float[] loads = [1, 2, 3];
        Measures.Of(FairnessMeasure.Variance, loads).ShouldBe(-2.0 / 3, 1e-12);
        Measures.Of(FairnessMeasure.Product, loads).ShouldBe(6 / Math.Pow(3 + 1e-6, 3), 1e-12);
        Measures.Of(FairnessMeasure.Makespan, loads).ShouldBe(-3);
        Measures.Of(FairnessMeasure.Jain, loads).ShouldBe(36.0 / 42 - 1, 1e-12);
        Measures.Of(FairnessMeasure.RatioProduct, loads).ShouldBe(2.0 / 9, 1e-6);
        Measures.Logarithm(FairnessMeasure.Variance, [4, 4], 1e-6).ShouldBe(-Math.Log(1e-6), 1e-9);
    }

    [Fact]
    public void Variance_OfADeviation_ChangesByTheOwnChangeAndTheCovariance()
    {
        RandomStream random = new(1, "test");
        for (int draw = 0; draw < 50; draw++)
        {
            float[] before = Draw(random), after = Draw(random), others = Draw(random), change = new float[7];
            for (int j = 0; j < 7; j++)
            {
                change[j] = after[j] - before[j];
            }
            double total = Change(FairnessMeasure.Variance, Sum(before, others), Sum(after, others));
            double own = Change(FairnessMeasure.Variance, before, after);
            total.ShouldBe(own - 2 * Measures.Covariance(change, others), 1e-4);
            double marginal = Measures.Marginal(FairnessMeasure.Variance, Sum(after, others), after)
                - Measures.Marginal(FairnessMeasure.Variance, Sum(before, others), before);
            marginal.ShouldBe(total, 1e-4);
        }
    }

    [Fact]
    public void Lemma3_OfThePaper_FailsOnTheCounterexample()
    {
        float[] others = [0, 2], before = [0.5f, 0.5f], after = [1, 0];
        Change(FairnessMeasure.Variance, before, after).ShouldBe(-0.25, 1e-9);
        Change(FairnessMeasure.Variance, Sum(before, others), Sum(after, others)).ShouldBe(0.75, 1e-9);
    }

    [Fact]
    public void DecoupledGame_ADeviation_ChangesTheSumOfValuesByTheOwnChangeExactly()
    {
        (double[] before, double[] after) = (Play(deviates: false), Play(deviates: true));
        before[1].ShouldBe(after[1]);
        (after.Sum() - before.Sum()).ShouldBe(after[0] - before[0], 1e-12);
        after[0].ShouldNotBe(before[0]);
    }

    /// <summary>Values of two load balancers over 20 steps; the first may split otherwise.</summary>
    private static double[] Play(bool deviates)
    {
        DecoupledGame game = new([1, 2, 3], 2);
        RandomStream random = new(5, "test");
        double[] values = new double[2];
        float[] loads = new float[3];
        for (int step = 0; step < 20; step++)
        {
            for (int i = 0; i < 2; i++)
            {
                float[] split = deviates && i == 0 ? [0.5f, 0.25f, 0.25f] : [0.25f, 0.25f, 0.5f];
                game.Step(new LoadBalancerId(i), random.NextDouble(0, 4), split, loads);
                values[i] += Measures.Of(FairnessMeasure.Variance, loads);
            }
        }
        return values;
    }

    private static double Change(FairnessMeasure measure, float[] before, float[] after) =>
        Measures.Of(measure, after) - Measures.Of(measure, before);

    private static float[] Sum(float[] a, float[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static float[] Draw(RandomStream random) => [.. Enumerable.Range(0, 7).Select(_ => (float)random.NextDouble(0, 3))];
}
