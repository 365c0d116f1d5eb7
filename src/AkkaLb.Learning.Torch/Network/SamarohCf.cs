using AkkaLb.Learning.Network.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace AkkaLb.Learning.Torch.Network;

// SAMAROH-CF (docs/samaroh-cf.md): the agents, exchanges and readouts of SAMAROH, but what a decision is credited with is its own. The
// reward of a horizon is shared by all N agents, so one agent's advantage is mostly what the others did. Here the action that an agent took
// at one horizon is replaced by another of its actions, and all else stays. With Δ_s, how much higher Φ_s would have been, it is worth
//
//     G_t = (1 − γ) Δ_{t+1} + γ G_{t+1},    G_{H−1} = Δ_H;    credit: the mean of G over the agent's actions.
//
// Credits are scaled to a root mean square of 1 over a block. They come with the rollouts (CounterfactualCredits), as they need the router
// and no gradient, and have no common part that a critic would take away.

/// <summary>The loss: PPO's clipped objective with a credit for each decision in place of an advantage for all, and no critic.</summary>
internal static class SamarohCf
{
    /// <param name="observations">[B, N, 2]: load and weight, normalised.</param>
    /// <param name="choices">What each agent chose, [B, N].</param>
    /// <param name="oldLogProbabilities">log π of it when it was chosen, [B, N].</param>
    /// <param name="credits">Of what was chosen, scaled, [B, N].</param>
    public static PpoLoss Loss(
        SamarohNet net, NetworkLearningOptions options, Tensor observations, Tensor choices, Tensor oldLogProbabilities, Tensor credits)
    {
        Tensor logits = Samaroh.Decisions(net.Actor.call(observations), options);
        return Samaroh.Policy(logits, choices, oldLogProbabilities, credits, options.Clip);
    }
}
