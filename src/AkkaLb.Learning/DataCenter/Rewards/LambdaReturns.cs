namespace AkkaLb.Learning.DataCenter.Rewards;

/// <summary>What values are learnt towards, over a batch of sequences; all arrays are time-major, [steps, rows].</summary>
internal static class LambdaReturns
{
    /// <summary>y_t = r_t + γ·((1 − λ)·v_{t+1} + λ·(y_{t+1} + b_{t+1})); after the last step y + b is v.</summary>
    /// <param name="rewards">r_t of each step.</param>
    /// <param name="values">v_{t+1}, the value after each step.</param>
    /// <param name="bonuses">b_{t+1}, what v holds beside the value of an action: the entropy's worth. Empty: nothing.</param>
    /// <param name="targets">Receives y_t.</param>
    public static void Fill(
        ReadOnlySpan<double> rewards, ReadOnlySpan<double> values, ReadOnlySpan<double> bonuses, int rows, double discount, double lambda,
        Span<double> targets)
    {
        for (int i = rewards.Length - 1; i >= 0; i--)
        {
            int later = i + rows;
            double further = later >= rewards.Length ? values[i] : targets[later] + (bonuses.IsEmpty ? 0 : bonuses[i]);
            targets[i] = rewards[i] + discount * ((1 - lambda) * values[i] + lambda * further);
        }
    }
}
