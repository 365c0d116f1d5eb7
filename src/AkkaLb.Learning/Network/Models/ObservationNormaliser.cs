namespace AkkaLb.Learning.Network.Models;

/// <summary>
/// The running normaliser of specification section 2.2 for the one load and weight that an agent observes. It is reset at the
/// start of an episode. The first observation passes unchanged and enters no statistics; a phantom zero counts as the first sample and
/// S starts at 1; both factors of Welford's update use the new mean. Computed in double, observed in float.
/// </summary>
/// <param name="Count">n of the next observation; 0 before the first one.</param>
public readonly record struct ObservationNormaliser(
    int Count, double LoadMean, double LoadSpread, double WeightMean, double WeightSpread)
{
    /// <summary>As at the start of an episode.</summary>
    public static ObservationNormaliser Start => new(0, 0, 1, 0, 1);

    /// <summary>The normaliser after one more observation, and the normalised observation.</summary>
    public ObservationNormaliser Observe(double load, double weight, out float observedLoad, out float observedWeight)
    {
        if (Count == 0)
        {
            (observedLoad, observedWeight) = ((float)load, (float)weight);
            return this with { Count = 2 };
        }

        (double loadMean, double loadSpread) = Next(load, LoadMean, LoadSpread);
        (double weightMean, double weightSpread) = Next(weight, WeightMean, WeightSpread);
        int count = Count + 1;
        observedLoad = (float)((load - loadMean) / Math.Sqrt(loadSpread / count));
        observedWeight = (float)((weight - weightMean) / Math.Sqrt(weightSpread / count));
        return new ObservationNormaliser(count, loadMean, loadSpread, weightMean, weightSpread);
    }

    private (double Mean, double Spread) Next(double x, double mean, double spread)
    {
        mean += (x - mean) / Count;
        return (mean, spread + (x - mean) * (x - mean));
    }
}
