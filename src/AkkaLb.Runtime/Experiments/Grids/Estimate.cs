namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>A figure over the seeds of a cell.</summary>
/// <param name="Sd">Sample standard deviation (n − 1); null for one seed.</param>
public sealed record Estimate(double Mean, double? Sd, double Min, double Max)
{
    /// <param name="values">One per seed, at least one.</param>
    public static Estimate Of(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        double? deviation = values.Count < 2 ? null : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
        return new Estimate(mean, deviation, values.Min(), values.Max());
    }
}
