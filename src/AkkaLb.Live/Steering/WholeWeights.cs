namespace AkkaLb.Live.Steering;

/// <summary>Weights as balancers take them: whole numbers from 1.</summary>
internal static class WholeWeights
{
    /// <param name="mean">What the mean weight becomes: the finer, the larger.</param>
    /// <param name="most">Largest number that is taken.</param>
    public static int[] Of(IReadOnlyList<float> weights, int mean, int most)
    {
        double scale = Math.Min(mean, most / (double)weights.Max());
        return [.. weights.Select(weight => Math.Clamp((int)Math.Round(weight * scale), 1, most))];
    }
}
