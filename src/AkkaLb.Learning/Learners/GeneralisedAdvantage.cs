namespace AkkaLb.Learning.Learners;

/// <summary>Generalised advantage estimation (Schulman et al. 2016) over one episode.</summary>
internal static class GeneralisedAdvantage
{
    /// <summary>
    /// δ_t = r_t + γ·V_{t+1} − V_t, A_t = δ_t + γλ·A_{t+1}, return_t = V_t + A_t. The value after the last step is bootstrapped.
    /// </summary>
    /// <param name="rewards">T values.</param>
    /// <param name="values">T + 1 values.</param>
    /// <param name="advantages">Receives T values, not normalised.</param>
    /// <param name="returns">Receives T values.</param>
    public static void Compute(
        ReadOnlySpan<double> rewards, ReadOnlySpan<float> values, double discount, double lambda,
        Span<double> advantages, Span<double> returns)
    {
        double next = 0;
        for (int t = rewards.Length - 1; t >= 0; t--)
        {
            double delta = rewards[t] + discount * values[t + 1] - values[t];
            next = delta + discount * lambda * next;
            advantages[t] = next;
            returns[t] = values[t] + next;
        }
    }

    /// <summary>Shifts and scales to mean 0 and population standard deviation 1 (1e-8 is added to the latter).</summary>
    public static void Normalise(Span<double> advantages)
    {
        double mean = 0, squares = 0;
        foreach (double advantage in advantages)
        {
            mean += advantage;
        }

        mean /= advantages.Length;
        foreach (double advantage in advantages)
        {
            squares += (advantage - mean) * (advantage - mean);
        }

        double scale = 1 / (Math.Sqrt(squares / advantages.Length) + 1e-8);
        for (int t = 0; t < advantages.Length; t++)
        {
            advantages[t] = (advantages[t] - mean) * scale;
        }
    }
}
