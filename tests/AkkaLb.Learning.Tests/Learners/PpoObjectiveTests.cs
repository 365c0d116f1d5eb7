using AkkaLb.Learning.Learners;

namespace AkkaLb.Learning.Tests.Learners;

public class PpoObjectiveTests
{
    [Theory]
    [InlineData(2.0, 0.0, 0.1)]
    [InlineData(2.0, -0.5, 0.1)]
    [InlineData(-2.0, 0.5, 0.1)]
    [InlineData(-2.0, -0.5, 0)]
    [InlineData(2.0, 0.5, 0.1)]
    public void Evaluate_GradientMatchesFiniteDifferences(double advantage, double shift, double entropyCoefficient)
    {
        float[] logits = [0.3f, -0.7f, 1.1f], gradient = new float[3];
        double[] scratch = new double[3];
        Categorical.LogSoftmax(logits, scratch);
        float old = (float)(scratch[0] + shift);
        PpoObjective.Evaluate(logits, 0, old, advantage, 0.25, entropyCoefficient, 0.5, scratch, gradient);
        for (int i = 0; i < 3; i++)
        {
            double above = Loss(i, 1e-3f), below = Loss(i, -1e-3f);
            ((double)gradient[i]).ShouldBe((above - below) / 2e-3, 2e-3, $"logit {i}");
        }

        double Loss(int i, float h)
        {
            float[] moved = [.. logits];
            moved[i] += h;
            DecisionLoss loss = PpoObjective.Evaluate(moved, 0, old, advantage, 0.25, entropyCoefficient, 0.5, new double[3], new float[3]);
            return 0.5 * (loss.Policy - entropyCoefficient * loss.Entropy);
        }
    }

    [Theory]
    [InlineData(1.0, -0.5, true)]
    [InlineData(1.0, 0.5, false)]
    [InlineData(-1.0, 0.5, true)]
    [InlineData(-1.0, -0.5, false)]
    [InlineData(1.0, -0.1, false)]
    public void Evaluate_RatioBeyondTheClip_HasNoGradientOnlyWhereItWouldGoFurther(double advantage, double shift, bool clipped)
    {
        float[] logits = [0, 0], gradient = new float[2];
        DecisionLoss loss = PpoObjective.Evaluate(
            logits, 1, (float)(Math.Log(0.5) + shift), advantage, 0.25, 0, 1, new double[2], gradient);
        loss.Clipped.ShouldBe(clipped);
        (gradient[0] == 0 && gradient[1] == 0).ShouldBe(clipped);
        loss.Ratio.ShouldBe(Math.Exp(-shift), 1e-6);
    }
}
