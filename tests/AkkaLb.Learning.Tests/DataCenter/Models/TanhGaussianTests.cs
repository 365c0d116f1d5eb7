using AkkaLb.Learning.DataCenter.Models;

namespace AkkaLb.Learning.Tests.DataCenter.Models;

public class TanhGaussianTests
{
    [Fact]
    public void LogDensity_AllActions_IntegratesToOne()
    {
        // ∫ π(a) da with a = tanh(μ + σ z), da = (1 − a²) σ dz.
        const float Mean = 0.4f, Log = -0.3f;
        double sum = 0, step = 1e-3;
        for (double z = -9; z < 9; z += step)
        {
            double a = TanhGaussian.Action(Mean, Log, z);
            sum += Math.Exp(TanhGaussian.LogDensity(Mean, Log, z)) * (1 - a * a) * Math.Exp(Log) * step;
        }

        sum.ShouldBe(1, 1e-3);
    }

    [Theory]
    [InlineData(0.3f, -0.5f, 0.8)]
    [InlineData(-1.2f, 0.4f, -1.5)]
    [InlineData(0.1f, 3f, 0.2)]
    public void Gradient_MeanAndDeviation_MatchFiniteDifferences(float mean, float log, double z)
    {
        const double Alpha = 0.7;
        double Cost(float m, float l) => Alpha * TanhGaussian.LogDensity(m, l, z) + Math.Sin(TanhGaussian.Action(m, l, z));
        double slope = Math.Cos(TanhGaussian.Action(mean, log, z));
        (double dMean, double dLog) = TanhGaussian.Gradient(mean, log, z, Alpha, slope);
        const float H = 1f / 256;
        dMean.ShouldBe((Cost(mean + H, log) - Cost(mean - H, log)) / (2 * H), 2e-3);
        dLog.ShouldBe((Cost(mean, log + H) - Cost(mean, log - H)) / (2 * H), 2e-3);
    }
}
