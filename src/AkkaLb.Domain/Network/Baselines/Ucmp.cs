namespace AkkaLb.Domain.Network;

/// <summary>
/// Unequal-cost multipath in one shot: the weight of a link is its headroom under equal weights (specification section 7.3).
/// </summary>
public static class Ucmp
{
    /// <summary>How far above the busiest link 100 % is put when some link is overloaded.</summary>
    private const double Margin = 1.01;

    /// <summary>
    /// Weights 1 − u where no link is full. The reference gives full links weight 0 and so loses every flow that has no other way; here,
    /// when a link is full, headroom is measured against slightly more than the highest utilisation instead of 100 %, which keeps
    /// all weights positive and their order right.
    /// </summary>
    /// <param name="utilisation">Of every link, under equal weights.</param>
    /// <param name="weights">Set to one weight per link, in (0, 1], or [0, 1] in the reference's form.</param>
    /// <param name="reference">The published form, max(0, 1 − u).</param>
    public static void SetWeights(ReadOnlySpan<double> utilisation, Span<double> weights, bool reference = false)
    {
        double busiest = 0;
        foreach (double u in utilisation)
        {
            busiest = Math.Max(busiest, u);
        }

        double full = busiest < 1 || reference ? 1 : busiest * Margin;
        for (int link = 0; link < utilisation.Length; link++)
        {
            weights[link] = Math.Max(0, 1 - utilisation[link] / full);
        }
    }

    /// <summary>One step from equal weights; the environment is left with its result. Returns Φ.</summary>
    public static double Apply(NetworkEnvironment environment, bool reference = false)
    {
        double[] weights = ChannelWeights.Uniform(environment.Scenario.Topology);
        environment.Step(weights);
        SetWeights(environment.Utilisation, weights, reference);
        return environment.Step(weights);
    }
}
