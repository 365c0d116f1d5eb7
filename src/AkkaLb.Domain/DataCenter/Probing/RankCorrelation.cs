namespace AkkaLb.Domain.DataCenter.Probing;

/// <summary>Spearman's rank correlation.</summary>
internal static class RankCorrelation
{
    /// <summary>
    /// Pearson's correlation of the ranks, equal values sharing the mean of theirs; 0 where all values of one side are equal.
    /// </summary>
    /// <param name="first">As long as <paramref name="second"/>.</param>
    public static double Spearman(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double[] x = Ranks(first), y = Ranks(second);
        double middle = (x.Length - 1) / 2.0, products = 0, squaresX = 0, squaresY = 0;
        for (int k = 0; k < x.Length; k++)
        {
            products += (x[k] - middle) * (y[k] - middle);
            squaresX += (x[k] - middle) * (x[k] - middle);
            squaresY += (y[k] - middle) * (y[k] - middle);
        }
        return squaresX > 0 && squaresY > 0 ? products / Math.Sqrt(squaresX * squaresY) : 0;
    }

    /// <summary>Ranks from 0.</summary>
    private static double[] Ranks(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(k => values[k])];
        double[] ranks = new double[values.Count];
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && values[order[end]] == values[order[start]]; end++)
            {
            }
            for (int k = start; k < end; k++)
            {
                ranks[order[k]] = (start + end - 1) / 2.0;
            }
        }
        return ranks;
    }
}
