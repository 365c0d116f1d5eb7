namespace AkkaLb.Learning.DataCenter.Models;

/// <summary>A number in (−1, 1): a = tanh(u), u = μ + σ·z with z normal. The policy's outputs are μ and log σ.</summary>
internal static class TanhGaussian
{
    /// <summary>log σ is held within these bounds; no gradient goes beyond.</summary>
    public const float LeastLogDeviation = -20, MostLogDeviation = 2;

    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>tanh(μ + σ·z).</summary>
    public static float Action(float mean, float logDeviation, double z) => (float)Math.Tanh(mean + Math.Exp(Clamp(logDeviation)) * z);

    /// <summary>
    /// log π(a) = −z²/2 − log σ − ½ log 2π − log(1 − a²), the last by 2·(log 2 − u − log(1 + e⁻²ᵘ)), which does not cancel.
    /// </summary>
    public static double LogDensity(float mean, float logDeviation, double z)
    {
        double log = Clamp(logDeviation), u = mean + Math.Exp(log) * z;
        return -z * z / 2 - log - HalfLogTwoPi - 2 * (Math.Log(2) - u - Softplus(-2 * u));
    }

    /// <summary>The gradient of α log π(a) + f(a) with respect to μ and log σ, for a fixed z.</summary>
    /// <param name="slope">f'(a).</param>
    public static (double Mean, double LogDeviation) Gradient(float mean, float logDeviation, double z, double alpha, double slope)
    {
        double log = Clamp(logDeviation), spread = Math.Exp(log) * z, a = Math.Tanh(mean + spread);
        // d/du of −log(1 − tanh² u) is 2 tanh u.
        double du = alpha * 2 * a + slope * (1 - a * a);
        bool held = logDeviation < LeastLogDeviation || logDeviation > MostLogDeviation;
        return (du, held ? 0 : du * spread - alpha);
    }

    private static double Clamp(float logDeviation) => Math.Clamp(logDeviation, LeastLogDeviation, MostLogDeviation);

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
