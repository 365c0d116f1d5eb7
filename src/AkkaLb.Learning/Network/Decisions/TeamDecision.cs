using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Network.Decisions;

/// <summary>
/// Decisions that need the logits of several links: MAROH's single choice, and the scrambled readout of
/// <see cref="ReadoutMode.Reference"/>. Holds scratch memory only; one thread at a time.
/// </summary>
public sealed class TeamDecision(NetworkModel model)
{
    private readonly float[] _logits = new float[model.Decisions.Choices];
    private readonly double[] _logProbabilities = new double[model.Decisions.Choices];

    /// <param name="logits">N·A logits, link by link.</param>
    /// <param name="decider">Which of <see cref="DecisionLayout.Deciders"/>.</param>
    /// <param name="uniform">The decider's draw of this horizon, in [0, 1).</param>
    public Decision Decide(ReadOnlySpan<float> logits, int decider, bool sample, double uniform)
    {
        model.Decisions.Gather(logits, decider, _logits);
        return Categorical.Decide(_logits, sample, uniform, _logProbabilities);
    }
}
