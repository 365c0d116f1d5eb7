using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.Traffic;

public enum ServiceLaw
{
    Exponential,
    Constant,

    /// <summary>Uniform from 0 to twice the mean.</summary>
    Uniform,

    /// <summary>Normal, with negative draws as 0, and all scaled to the mean.</summary>
    Normal,

    Lognormal,
}

/// <summary>The law of a job's total work on one kind of resource.</summary>
/// <param name="Mean">Seconds, from 0; 0 is no work.</param>
/// <param name="Variation">Standard deviation over mean, for the normal and lognormal laws.</param>
public readonly record struct ServiceTime(ServiceLaw Law, double Mean, double Variation = 1)
{
    // What a cut normal law of mean 1 would have as mean: ∫ from −1/V on of (1 + V z) φ(z) dz.
    private readonly double _cutMean = Law == ServiceLaw.Normal ? CutMean(Variation) : 1;

    /// <summary>A draw in seconds, from 0. Always advances by the same number of words for one law.</summary>
    public double Draw(RandomStream random) => Law switch
    {
        ServiceLaw.Exponential => -Mean * Math.Log(1 - random.NextDouble()),
        ServiceLaw.Constant => Mean,
        ServiceLaw.Uniform => 2 * Mean * random.NextDouble(),
        ServiceLaw.Normal => Math.Max(0, Mean * (1 + Variation * random.NextGaussian())) / _cutMean,
        _ => Mean * Lognormal(random.NextGaussian()),
    };

    /// <summary>By Simpson's rule; beyond ten deviations there is nothing.</summary>
    private static double CutMean(double variation)
    {
        const int intervals = 2000;
        const double most = 10;
        double low = -Math.Min(1 / variation, most), width = (most - low) / intervals, sum = 0;
        for (int k = 0; k <= intervals; k++)
        {
            double z = low + k * width;
            sum += (k is 0 or intervals ? 1 : k % 2 == 0 ? 2 : 4) * (1 + variation * z) * Math.Exp(-z * z / 2);
        }
        return sum * width / 3 / Math.Sqrt(2 * Math.PI);
    }

    /// <summary>
    /// exp(σ z − σ²/2) with σ² = ln(1 + variation²): mean 1 and the wanted deviation, which the published code takes for σ.
    /// </summary>
    private double Lognormal(double normal)
    {
        double variance = Math.Log(1 + Variation * Variation);
        return Math.Exp(Math.Sqrt(variance) * normal - variance / 2);
    }
}
