using AkkaLb.Domain.Network;
using AkkaLb.Domain;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rewards;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Network.Learners;

/// <summary>What an update did; means over its optimiser steps.</summary>
/// <param name="Version">Version of the policy that the update produced.</param>
/// <param name="PolicyLoss">Clipped objective, averaged over decisions.</param>
/// <param name="CriticLoss">Mean squared error of the critic; 0 where none is trained.</param>
/// <param name="Entropy">Of a decision, in nats.</param>
/// <param name="ClippedShare">Share of decisions whose gradient was clipped away.</param>
/// <param name="Divergence">Estimate of the divergence between old and new policy, mean of ρ − 1 − log ρ.</param>
/// <param name="GradientNorm">Joint norm before clipping.</param>
public sealed record PpoStatistics(
    long Version, int Steps, double PolicyLoss, double CriticLoss, double Entropy, double ClippedShare, double Divergence,
    double GradientNorm);

/// <summary>
/// The learner of MAROH and SAMAROH: PPO with a clipped objective and a centralised critic, specification section 4. Holds actor,
/// critic and optimiser; the same sequence of blocks gives the same bits, whatever the number of threads. One caller at a time.
/// </summary>
public sealed class PpoLearner : IDisposable
{
    private readonly WorkerTeam _team;
    private readonly AdamOptimiser _optimiser;
    private readonly IPpoUpdate? _update;
    private readonly MemoryRecall? _recall;
    private readonly RandomStream _random;
    private readonly Kernel _kernel;
    private readonly ScenarioSchedule? _scenarios;

    /// <summary>By topology.</summary>
    private readonly Dictionary<Topology, PpoWorkspace> _workspaces = [];

    /// <summary>That of the last block.</summary>
    private PpoWorkspace _current;

    /// <param name="seed">Root seed: initial parameters and the order of transitions.</param>
    /// <param name="threads">Threads to use, the caller's included; at least 1. Does not change results.</param>
    /// <param name="scenarios">Where decisions are played again; needed for <see cref="CreditAssignment.Counterfactual"/> only.</param>
    /// <param name="backend">Takes the optimiser steps; null: the kernels do.</param>
    /// <exception cref="ArgumentException">
    /// The scenarios are missing, or they are of several topologies and the model or the backend is of one.
    /// </exception>
    /// <exception cref="InvalidInputException">The backend cannot learn this model.</exception>
    public PpoLearner(NetworkModel model, ulong seed, int threads = 2, ScenarioSchedule? scenarios = null, LearningBackend? backend = null)
        : this(model, seed, threads, Kernel.Best, scenarios, backend)
    {
    }

    internal PpoLearner(
        NetworkModel model, ulong seed, int threads, Kernel kernel, ScenarioSchedule? scenarios = null, LearningBackend? backend = null)
    {
        if (model.Options.Credit == CreditAssignment.Counterfactual && scenarios is null)
        {
            throw new ArgumentException("expected the scenarios to compute counterfactual credits in", nameof(scenarios));
        }

        NetworkLearningOptions options = model.Options;
        Model = model;
        Seed = seed;
        _team = new WorkerTeam(threads);
        _optimiser = new AdamOptimiser(
            model.Layout, kernel, _team,
            [
                new AdamGroup(0, model.ActorTensors, options.ActorLearningRate),
                new AdamGroup(model.ActorTensors, model.Layout.Tensors.Count, options.CriticLearningRate),
            ],
            options.AdamBeta1, options.AdamBeta2, options.AdamEpsilon);
        Experience = options.Memory is { } memory
            ? new TeamExperience(memory, model.LinkCount, model.MessageIterations, model.HiddenState, seed)
            : null;
        _recall = Experience?.Options.Recalls == MemoryRecalls.Memory ? new MemoryRecall(model, Experience, seed) : null;
        Backend = backend;
        try
        {
            _update = backend?.Ppo(this);
            if (_update is null && !model.HasKernels)
            {
                throw NetworkModel.NeedsBackend();
            }

            if (scenarios is { Topologies: > 1 } && (_update is not null || Experience is not null))
            {
                throw new ArgumentException("expected one topology, as a memory and a backend are of one", nameof(scenarios));
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        (_kernel, _scenarios) = (kernel, scenarios);
        _current = WorkspaceOf(model);
        _random = new RandomStream(seed, "learner");
        model.Layout.Initialise(_optimiser.Parameters.Span, seed);
        _optimiser.ParametersChanged();
        Policy = new PolicySnapshot(model, 0, _optimiser.Parameters.Span);
    }

    public NetworkModel Model { get; }

    public ulong Seed { get; }

    /// <summary>The current policy; a new object after every update.</summary>
    public PolicySnapshot Policy { get; private set; }

    /// <summary>What the agents of a two-layer method remember; null without memory. It belongs to a checkpoint of the learner.</summary>
    public TeamExperience? Experience { get; }

    /// <summary>What the last update of this object did; null before.</summary>
    public PpoStatistics? LastUpdate { get; private set; }

    /// <summary>Whether all parameters are finite numbers; training that diverges ends with others.</summary>
    public bool IsFinite => _optimiser.IsFinite;

    internal AdamOptimiser Optimiser => _optimiser;

    /// <summary>There is none where a backend takes its place.</summary>
    internal PpoMinibatch Minibatch =>
        _current.Minibatch ?? throw new InvalidOperationException($"{Backend?.Name} learns, expected the kernels");

    internal LearningBackend? Backend { get; }

    internal TransitionBatch Transitions => _current.Transitions;

    internal WorkerTeam Team => _team;

    /// <summary>Learns from a block of episodes of the current policy: several passes in random order, one step per minibatch.</summary>
    /// <exception cref="ArgumentException">
    /// The block is empty, or an episode has another length or comes from another policy version or topology.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled; the learner is as it was before the call. What recalls have done to <see cref="Experience"/> is for the caller to undo.
    /// </exception>
    public PpoStatistics Train(IReadOnlyList<EpisodeTrajectory> block, CancellationToken cancellation = default)
    {
        if (block.FirstOrDefault(episode => episode.PolicyVersion != Policy.Version) is { } stale)
        {
            throw new ArgumentException(
                $"episode {stale.Episode} was played by policy version {stale.PolicyVersion}, expected {Policy.Version}", nameof(block));
        }

        NetworkLearningOptions options = Model.Options;
        Load(block);
        TransitionBatch transitions = Transitions;
        _optimiser.Mark();
        double progress = Math.Min(1, (double)Policy.Version * options.EpisodesPerUpdate / options.Episodes);
        double share = 1 - (1 - options.AnnealTo) * progress;
        _update?.Load();
        var sums = default(PpoSums);
        double norms = 0;
        int steps = 0;
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            _random.Shuffle(transitions.Order.AsSpan());
            for (int first = 0; first < transitions.Count; first += options.MinibatchSize)
            {
                if (cancellation.IsCancellationRequested)
                {
                    _optimiser.ReturnToMark();
                    cancellation.ThrowIfCancellationRequested();
                }

                int count = Math.Min(options.MinibatchSize, transitions.Count - first);
                norms += Step(first, count, share, ref sums);
                steps++;
            }
        }

        _update?.Store();
        Policy = new PolicySnapshot(Model, Policy.Version + 1, _optimiser.Parameters.Span);
        return LastUpdate = new PpoStatistics(
            Policy.Version, steps, sums.Policy / sums.Decisions, sums.Samples == 0 ? 0 : sums.Critic / sums.Samples,
            sums.Entropy / sums.Decisions,
            sums.Clipped / sums.Decisions, sums.Divergence / sums.Decisions, norms / steps);
    }

    /// <summary>One optimiser step; returns the gradient's norm before clipping.</summary>
    private double Step(int first, int count, double share, ref PpoSums sums)
    {
        double entropyCoefficient = share * Model.Options.EntropyCoefficient;
        if (_update is not null)
        {
            (PpoSums own, double norm) = _update.Step(Transitions, first, count, entropyCoefficient, share);
            sums.Add(own);
            return norm;
        }

        Minibatch.EntropyCoefficient = entropyCoefficient;
        sums.Add(Minibatch.Compute(_team, Transitions, first, count));
        return _optimiser.Step(Minibatch.Gradients, Model.Options.GradientNorm, share);
    }

    /// <summary>Takes over parameters and moments that were written into <see cref="Optimiser"/>.</summary>
    internal void ContinueFrom(long version, long steps)
    {
        _optimiser.Steps = steps;
        _optimiser.ParametersChanged();
        Policy = new PolicySnapshot(Model, version, _optimiser.Parameters.Span);
    }

    /// <summary>Prepares a block for <see cref="Train"/>: values, advantages, and the version's own stream of shuffles.</summary>
    internal void Load(IReadOnlyList<EpisodeTrajectory> block)
    {
        if (block.Count > 0)
        {
            _current = WorkspaceOf(block[0].Model);
        }

        Transitions.Load(block, _current.Critic);
        _random.MoveTo((ulong)Policy.Version);
        _recall?.Begin(Policy.Version);
        foreach (EpisodeTrajectory episode in block)
        {
            episode.RecallExchanges =
                _recall is null ? (long)episode.Model.Options.Epochs * episode.Horizons * episode.Model.MessageIterations : 0;
        }
    }

    private PpoWorkspace WorkspaceOf(NetworkModel model)
    {
        if (!_workspaces.TryGetValue(model.Topology, out PpoWorkspace? workspace))
        {
            TransitionBatch transitions = new(
                model,
                model.Options.Credit == CreditAssignment.Counterfactual ? new CounterfactualCredits(model, _scenarios!, _team) : null);
            workspace = new PpoWorkspace(
                transitions,
                new CriticValues(model, _kernel, _team, _optimiser.Parameters),
                _update is null ? new PpoMinibatch(model, _kernel, _optimiser, _recall) : null);
            _workspaces.Add(model.Topology, workspace);
        }

        return workspace;
    }

    public void Dispose()
    {
        (_update as IDisposable)?.Dispose();
        _team.Dispose();
    }

    /// <summary>What an update needs for the topology that its episodes were played on.</summary>
    /// <param name="Minibatch">Null where a backend takes its place.</param>
    private sealed record PpoWorkspace(TransitionBatch Transitions, CriticValues Critic, PpoMinibatch? Minibatch);
}
