using AkkaLb.Domain.Network;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Network.Rollouts;

/// <summary>
/// Plays episodes under a policy that stays as it is, without actors. How often a horizon is sampled is the model's
/// <see cref="NetworkLearningOptions.SampleShare"/>; at 0 every agent takes its most probable action. Not safe for use by several threads.
/// </summary>
public sealed class PolicyPlayer : IDisposable
{
    private readonly NetworkModel _model;
    private readonly PolicySnapshot _policy;
    private readonly WorkerTeam _team;
    private readonly IRollout _rollout;

    /// <param name="model">Of the policy; its topology is that of the scenario.</param>
    /// <param name="seed">Root seed of what is drawn.</param>
    /// <param name="threads">At least 1. Does not change results.</param>
    /// <param name="experience">What the agents of a two-layer method remember, to which episodes add; null for the other methods.</param>
    /// <param name="backend">Computes logits of architectures that the kernels do not have.</param>
    /// <exception cref="Domain.InvalidInputException">The kernels do not have the architecture, and there is no backend.</exception>
    public PolicyPlayer(
        NetworkModel model, PolicySnapshot policy, NetworkScenario scenario, ulong seed, int threads, TeamExperience? experience = null,
        LearningBackend? backend = null)
    {
        (_model, _policy) = (model, policy);
        _team = new WorkerTeam(threads);
        ScenarioSchedule scenarios = new(scenario);
        try
        {
            _rollout = experience is null
                ? new BatchedRollout(model, scenarios, seed, _team, Kernel.Best, backend)
                : new LayeredRollout(model, scenarios, seed, experience);
        }
        catch
        {
            _team.Dispose();
            throw;
        }
    }

    /// <summary>Plays episodes 0 … count − 1, in blocks as large as those of training.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<EpisodeTrajectory> Play(int count, CancellationToken cancellation)
    {
        List<EpisodeTrajectory> episodes = [];
        while (episodes.Count < count)
        {
            int block = Math.Min(_model.Options.EpisodesPerUpdate, count - episodes.Count);
            episodes.AddRange(_rollout.Run(_policy, episodes.Count, block, cancellation));
        }

        return episodes;
    }

    public void Dispose() => _team.Dispose();
}
