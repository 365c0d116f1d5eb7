namespace AkkaLb.Domain.Network;

/// <summary>Whole weights of next hops as routers take them.</summary>
internal static class WeightRounding
{
    /// <summary>The largest weight of a next hop in FRR and in SONiC.</summary>
    public const int Most = 255;

    /// <summary>The weights whose shares are nearest to those wanted, of equally near ones the smallest.</summary>
    /// <param name="weights">Of the links of one group of next hops, positive.</param>
    /// <returns>Integers from 1 to <see cref="Most"/>.</returns>
    public static int[] Round(IReadOnlyList<double> weights)
    {
        double heaviest = weights.Max(), sum = weights.Sum(weight => weight / heaviest);
        int[] best = [];
        double least = double.PositiveInfinity;
        for (int scale = 1; scale <= Most; scale++)
        {
            int[] rounded = [.. weights.Select(weight => Math.Max(1, (int)Math.Round(weight / heaviest * scale)))];
            double total = rounded.Sum(), error = 0;
            for (int i = 0; i < rounded.Length; i++)
            {
                error += Math.Abs(rounded[i] / total - weights[i] / heaviest / sum);
            }

            if (error < least - 1e-12)
            {
                (best, least) = (rounded, error);
            }
        }

        return best;
    }
}
