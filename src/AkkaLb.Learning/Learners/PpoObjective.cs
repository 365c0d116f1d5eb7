namespace AkkaLb.Learning.Learners;

/// <summary>Loss terms of one decision, before any averaging.</summary>
/// <param name="Policy">max(−A·ρ, −A·clip(ρ, 1 − c, 1 + c)), ρ = π_new/π_old.</param>
/// <param name="Entropy">Of the new distribution, in nats.</param>
/// <param name="Clipped">The clipped term is the larger one, so the policy term has no gradient.</param>
/// <param name="Ratio">ρ.</param>
internal readonly record struct DecisionLoss(double Policy, double Entropy, bool Clipped, double Ratio);

/// <summary>PPO's clipped objective with an entropy bonus (Schulman et al. 2017) for one categorical decision.</summary>
internal static class PpoObjective
{
    /// <summary>The loss, and the gradient of scale·(policy − entropyCoefficient·entropy) with respect to the logits.</summary>
    /// <param name="scale">1 / number of decisions that are averaged.</param>
    /// <param name="scratch">As long as <paramref name="logits"/>.</param>
    /// <param name="gradient">Receives as many values as there are logits.</param>
    public static DecisionLoss Evaluate(
        ReadOnlySpan<float> logits, int choice, float oldLogProbability, double advantage, double clip, double entropyCoefficient,
        double scale, Span<double> scratch, Span<float> gradient)
    {
        Categorical.LogSoftmax(logits, scratch);
        // Rounded as the old one was, so that the ratio is exactly 1 while the policy has not moved.
        double ratio = Math.Exp((double)((float)scratch[choice] - oldLogProbability));
        double plain = -advantage * ratio, limited = -advantage * Math.Clamp(ratio, 1 - clip, 1 + clip);
        bool clipped = limited > plain;

        double entropy = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            entropy -= Math.Exp(scratch[i]) * scratch[i];
        }

        double push = clipped ? 0 : plain;
        for (int i = 0; i < logits.Length; i++)
        {
            // ∂(log π(choice))/∂l_i = [i = choice] − π_i and ∂H/∂l_i = −π_i·(log π_i + H).
            double p = Math.Exp(scratch[i]);
            double policy = push * ((i == choice ? 1 : 0) - p);
            gradient[i] = (float)(scale * (policy + entropyCoefficient * p * (scratch[i] + entropy)));
        }

        return new DecisionLoss(Math.Max(plain, limited), entropy, clipped, ratio);
    }
}
