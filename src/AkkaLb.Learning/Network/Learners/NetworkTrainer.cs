using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Network.Learners;

/// <summary>A block of finished episodes and the update that they led to (null for a last block that was not full).</summary>
public sealed record TrainingBlock(IReadOnlyList<EpisodeTrajectory> Episodes, PpoStatistics? Update);

/// <summary>
/// Batched training: plays blocks of episodes and learns from each full block. Gives the same bits as link agents and a learner actor
/// on the same seed, whatever the number of threads.
/// </summary>
public sealed class NetworkTrainer : IDisposable
{
    private readonly ScenarioSchedule _scenarios;

    /// <summary>By topology.</summary>
    private readonly Dictionary<Topology, IRollout> _rollouts = [];

    /// <summary>Episodes of a last block that was not full: played without an update.</summary>
    private int _rest;

    /// <exception cref="InvalidInputException">An option is out of its range.</exception>
    public NetworkTrainer(NetworkScenario scenario, NetworkLearningOptions options, ulong seed, int threads = 2)
        : this(scenario, new PpoLearner(new NetworkModel(options, scenario.Topology), seed, threads, new ScenarioSchedule(scenario)))
    {
    }

    /// <inheritdoc cref="NetworkTrainer(ScenarioSchedule, PpoLearner)"/>
    public NetworkTrainer(NetworkScenario scenario, PpoLearner learner)
        : this(new ScenarioSchedule(scenario), learner)
    {
    }

    /// <param name="learner">Fresh or restored; the next episode follows from its policy's version. Disposed with the trainer.</param>
    public NetworkTrainer(ScenarioSchedule scenarios, PpoLearner learner)
    {
        Model = learner.Model;
        Learner = learner;
        _scenarios = scenarios;
    }

    public NetworkModel Model { get; }

    public PpoLearner Learner { get; }

    /// <summary>Episodes played; the number of the next one.</summary>
    public long Episode => Math.Min(Learner.Policy.Version * Model.Options.EpisodesPerUpdate + _rest, Model.Options.Episodes);

    public bool IsFinished => Episode >= Model.Options.Episodes;

    /// <summary>Plays the next block and, if it is full, learns from it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; everything is as it was before the call.</exception>
    /// <exception cref="InvalidOperationException">All episodes have been played.</exception>
    public TrainingBlock RunBlock(CancellationToken cancellation = default)
    {
        if (IsFinished)
        {
            throw new InvalidOperationException($"all {Model.Options.Episodes} episodes have been played");
        }

        long first = Episode;
        int count = (int)Math.Min(Model.Options.EpisodesPerUpdate, Model.Options.Episodes - first);
        try
        {
            IRollout rollout = RolloutOn(_scenarios.At(first, cancellation).Topology);
            IReadOnlyList<EpisodeTrajectory> episodes = rollout.Run(Learner.Policy, first, count, cancellation);
            bool full = count == Model.Options.EpisodesPerUpdate;
            PpoStatistics? update = full ? Learner.Train(episodes, cancellation) : null;
            _rest = full ? 0 : count;
            if (full)
            {
                Learner.Experience?.Mark();
            }

            return new TrainingBlock(episodes, update);
        }
        catch (OperationCanceledException)
        {
            Learner.Experience?.ReturnToMark();
            throw;
        }
    }

    private IRollout RolloutOn(Topology topology)
    {
        if (!_rollouts.TryGetValue(topology, out IRollout? rollout))
        {
            rollout = Learner.Experience is { } experience
                ? new LayeredRollout(Model, _scenarios, Learner.Seed, experience)
                : new BatchedRollout(Model.On(topology), _scenarios, Learner.Seed, Learner.Team, Kernel.Best, Learner.Backend);
            _rollouts.Add(topology, rollout);
        }

        return rollout;
    }

    public void Dispose() => Learner.Dispose();
}
