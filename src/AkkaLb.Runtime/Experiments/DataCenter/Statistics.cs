namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Figures of samples.</summary>
public static class Statistics
{
    private const double Normal975 = 1.959963984540054;

    private static readonly double[] FewFreedoms =
        [12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139];

    /// <summary>Sample standard deviation, n − 1; 0 of one value or none.</summary>
    public static double Deviation(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
        {
            return 0;
        }
        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }

    /// <summary>A quantile with linear interpolation.</summary>
    /// <param name="sorted">Ascending, at least one.</param>
    public static double Quantile(IReadOnlyList<double> sorted, double q)
    {
        double rank = q * (sorted.Count - 1);
        int below = (int)rank;
        return below + 1 < sorted.Count ? sorted[below] + (rank - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }

    /// <summary>Half of the 95 % confidence interval of a mean; null of fewer than three values.</summary>
    public static double? HalfInterval(IReadOnlyList<double> values) =>
        values.Count < 3 ? null : Student975(values.Count - 1) * Deviation(values) / Math.Sqrt(values.Count);

    /// <summary>The 97.5 % quantile of Student's t: from a table up to ten degrees of freedom, then by its expansion.</summary>
    internal static double Student975(int freedom)
    {
        if (freedom <= FewFreedoms.Length)
        {
            return FewFreedoms[freedom - 1];
        }
        double z = Normal975, z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z, n = freedom;
        return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
            + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n);
    }
}
