namespace AkkaLb.Learning.Learners;

/// <summary>A choice and the logarithm of its probability under the policy.</summary>
public readonly record struct Decision(int Choice, float LogProbability);

/// <summary>The categorical distribution given by logits. Agents and learner use these same functions.</summary>
internal static class Categorical
{
    /// <summary>log π(choice) for every choice: l − max − log Σ exp(l − max), in double.</summary>
    /// <param name="logProbabilities">As long as <paramref name="logits"/>.</param>
    public static void LogSoftmax(ReadOnlySpan<float> logits, Span<double> logProbabilities)
    {
        double max = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            max = Math.Max(max, logit);
        }

        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            logProbabilities[i] = logits[i] - max;
            sum += Math.Exp(logProbabilities[i]);
        }

        double logSum = Math.Log(sum);
        for (int i = 0; i < logits.Length; i++)
        {
            logProbabilities[i] -= logSum;
        }
    }

    /// <summary>
    /// Draws a choice by the inverse of the cumulative distribution, or takes the likeliest (the first of equals). The log-probability
    /// is that of the plain distribution in both cases.
    /// </summary>
    /// <param name="uniform">In [0, 1).</param>
    /// <param name="scratch">At least as long as <paramref name="logits"/>; receives the log-probabilities.</param>
    public static Decision Decide(ReadOnlySpan<float> logits, bool sample, double uniform, Span<double> scratch)
    {
        LogSoftmax(logits, scratch);
        int choice = 0;
        if (sample)
        {
            double cumulative = Math.Exp(scratch[0]);
            while (choice < logits.Length - 1 && uniform >= cumulative)
            {
                cumulative += Math.Exp(scratch[++choice]);
            }
        }
        else
        {
            for (int i = 1; i < logits.Length; i++)
            {
                choice = logits[i] > logits[choice] ? i : choice;
            }
        }

        return new Decision(choice, (float)scratch[choice]);
    }

    /// <summary>A choice by the inverse of the cumulative distribution.</summary>
    /// <param name="uniform">In [0, 1).</param>
    public static int Draw(ReadOnlySpan<double> probabilities, double uniform)
    {
        int choice = 0;
        double cumulative = probabilities[0];
        while (choice < probabilities.Length - 1 && uniform >= cumulative)
        {
            cumulative += probabilities[++choice];
        }

        return choice;
    }
}
