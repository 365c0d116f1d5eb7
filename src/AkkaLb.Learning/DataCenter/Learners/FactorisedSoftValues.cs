using AkkaLb.Learning.Learners;

namespace AkkaLb.Learning.DataCenter.Learners;

/// <summary>What one row adds to the actor's statistics.</summary>
/// <param name="Loss">Σ_heads E_π[α log π − A].</param>
/// <param name="Entropy">Sum over the heads, in nats.</param>
internal readonly record struct ActorRow(double Loss, double Entropy);

/// <summary>
/// Soft actor-critic for a policy of independent categorical heads. A critic's outputs are a state value v and an advantage for each level
/// of each head; the value of a joint action is Q(s, a) = v + Σ_k (A_k(a_k) − mean A_k), a sum over heads. So expectations over the
/// policy are exact, head by head, and need no samples.
/// </summary>
internal sealed class FactorisedSoftValues(int heads, int levels)
{
    /// <summary>Outputs of a critic: v, then the advantages [heads, levels].</summary>
    public int CriticOutputs => 1 + heads * levels;

    /// <summary>Q of one joint action.</summary>
    public double Value(ReadOnlySpan<float> critic, ReadOnlySpan<int> actions)
    {
        double value = critic[0];
        for (int head = 0; head < heads; head++)
        {
            ReadOnlySpan<float> advantages = Advantages(critic, head);
            value += advantages[actions[head]] - Mean(advantages);
        }

        return value;
    }

    /// <summary>The gradient of <see cref="Value"/> times a factor.</summary>
    public void ValueGradient(ReadOnlySpan<int> actions, double factor, Span<float> gradient)
    {
        gradient[0] = (float)factor;
        gradient = gradient[1..];
        gradient.Fill((float)(-factor / levels));
        for (int head = 0; head < heads; head++)
        {
            gradient[head * levels + actions[head]] += (float)factor;
        }
    }

    /// <summary>The policy's probabilities and their logarithms, [heads, levels] each.</summary>
    public void Probabilities(ReadOnlySpan<float> logits, Span<double> probabilities, Span<double> logarithms)
    {
        for (int head = 0; head < heads; head++)
        {
            Categorical.LogSoftmax(logits.Slice(head * levels, levels), logarithms.Slice(head * levels, levels));
        }

        for (int i = 0; i < logits.Length; i++)
        {
            probabilities[i] = Math.Exp(logarithms[i]);
        }
    }

    /// <summary>min over both critics of E_π[Q], and the policy's entropy.</summary>
    public (double Value, double Entropy) Expectation(
        ReadOnlySpan<double> probabilities, ReadOnlySpan<double> logarithms, ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double one = first[0], two = second[0], entropy = 0;
        for (int head = 0; head < heads; head++)
        {
            ReadOnlySpan<float> a = Advantages(first, head), b = Advantages(second, head);
            double meanA = Mean(a), meanB = Mean(b);
            for (int level = 0; level < levels; level++)
            {
                double p = probabilities[head * levels + level];
                one += p * (a[level] - meanA);
                two += p * (b[level] - meanB);
                entropy -= p * logarithms[head * levels + level];
            }
        }

        return (Math.Min(one, two), entropy);
    }

    /// <summary>
    /// The loss of one row and its gradient with respect to the logits, times a factor. With A the mean of the critics' advantages,
    /// ∂/∂l_i Σ_a π_a (α log π_a − A_a) = π_i·(α log π_i − A_i − Σ_a π_a (α log π_a − A_a)).
    /// </summary>
    public ActorRow Actor(
        ReadOnlySpan<double> probabilities, ReadOnlySpan<double> logarithms, ReadOnlySpan<float> first, ReadOnlySpan<float> second,
        double temperature, double factor, Span<float> gradient)
    {
        double total = 0, entropy = 0;
        for (int head = 0; head < heads; head++)
        {
            ReadOnlySpan<double> p = probabilities.Slice(head * levels, levels), log = logarithms.Slice(head * levels, levels);
            ReadOnlySpan<float> a = Advantages(first, head), b = Advantages(second, head);
            double loss = 0;
            for (int level = 0; level < levels; level++)
            {
                loss += p[level] * Cost(temperature, log[level], a[level], b[level]);
                entropy -= p[level] * log[level];
            }

            for (int level = 0; level < levels; level++)
            {
                gradient[head * levels + level] = (float)(factor * p[level] * (Cost(temperature, log[level], a[level], b[level]) - loss));
            }

            total += loss;
        }

        return new ActorRow(total, entropy);
    }

    /// <summary>
    /// The published loss of one row, α log π(a) − A(a) of decisions a drawn from the policy. The values are constants in it, so its
    /// gradient α·(1[i = a] − π_i) is zero in the mean: the policy learns nothing but noise.
    /// </summary>
    public ActorRow ReferenceActor(
        ReadOnlySpan<double> probabilities, ReadOnlySpan<double> logarithms, ReadOnlySpan<float> first, ReadOnlySpan<float> second,
        ReadOnlySpan<int> actions, double temperature, double factor, Span<float> gradient)
    {
        double loss = 0, entropy = 0;
        for (int head = 0; head < heads; head++)
        {
            for (int level = 0; level < levels; level++)
            {
                int i = head * levels + level;
                bool drawn = level == actions[head];
                gradient[i] = (float)(factor * temperature * ((drawn ? 1 : 0) - probabilities[i]));
                loss += drawn ? Cost(temperature, logarithms[i], first[1 + i], second[1 + i]) : 0;
                entropy -= probabilities[i] * logarithms[i];
            }
        }

        return new ActorRow(loss, entropy);
    }

    private static double Cost(double temperature, double logarithm, float a, float b) => temperature * logarithm - 0.5 * ((double)a + b);

    private ReadOnlySpan<float> Advantages(ReadOnlySpan<float> critic, int head) => critic.Slice(1 + head * levels, levels);

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
