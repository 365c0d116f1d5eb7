using AkkaLb.Runtime.Experiments.DataCenter;

namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>A figure over the seeds of a cell.</summary>
/// <param name="Sd">Sample standard deviation (n − 1); null for one seed.</param>
public sealed record Estimate(double Mean, double? Sd, double Min, double Max)
{
    /// <param name="values">One per seed, at least one.</param>
    public static Estimate Of(IReadOnlyList<double> values)
    {
        double? deviation = values.Count < 2 ? null : Statistics.Deviation(values);
        return new Estimate(values.Average(), deviation, values.Min(), values.Max());
    }
}
