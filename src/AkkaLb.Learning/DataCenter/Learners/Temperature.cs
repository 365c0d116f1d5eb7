using AkkaLb.Learning.DataCenter.Models;

namespace AkkaLb.Learning.DataCenter.Learners;

/// <summary>
/// The weight α of the entropy, tuned so that the policy's entropy reaches a target: Adam on log α with the gradient H − target, held
/// within bounds.
/// </summary>
internal sealed class Temperature(DataCenterLearningOptions options, double targetEntropy)
{
    /// <summary>log α, Adam's mean and mean square, and its steps.</summary>
    public double[] State { get; } = [Math.Log(options.InitialTemperature), 0, 0, 0];

    public double Value => Math.Exp(State[0]);

    public void Step(double entropy)
    {
        double gradient = entropy - targetEntropy, steps = ++State[3];
        State[1] = options.AdamBeta1 * State[1] + (1 - options.AdamBeta1) * gradient;
        State[2] = options.AdamBeta2 * State[2] + (1 - options.AdamBeta2) * gradient * gradient;
        double rate = options.LearningRate * Math.Sqrt(1 - Math.Pow(options.AdamBeta2, steps)) / (1 - Math.Pow(options.AdamBeta1, steps));
        State[0] = Math.Clamp(
            State[0] - rate * State[1] / (Math.Sqrt(State[2]) + options.AdamEpsilon),
            Math.Log(options.MinTemperature), Math.Log(options.MaxTemperature));
    }
}
