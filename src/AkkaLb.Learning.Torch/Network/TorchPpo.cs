using AkkaLb.Domain;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;
using TorchSharp;
using static TorchSharp.torch;

namespace AkkaLb.Learning.Torch.Network;

/// <summary>
/// PPO's optimiser steps on <see cref="SamarohNet"/>: fills tensors with a minibatch of the learner's transitions and steps.
/// </summary>
internal sealed class TorchPpo : IPpoUpdate, IDisposable
{
    private readonly PpoLearner _learner;
    private readonly NetworkModel _model;
    private readonly TorchTarget _target;
    private readonly SamarohNet _net;
    private readonly TorchNet _parameters;
    private readonly AdamGroup[] _groups;

    /// <exception cref="InvalidInputException">The learner recalls from memory, which needs the kernels' states.</exception>
    public TorchPpo(PpoLearner learner, TorchTarget target)
    {
        (_learner, _model, _target) = (learner, learner.Model, target);
        if (_model.Options.Memory is { Recalls: MemoryRecalls.Memory })
        {
            throw new InvalidInputException("network.memory.recalls is memory: expected compute with learning.backend torch");
        }

        _net = new SamarohNet(_model, target.Device);
        _parameters = new TorchNet(_net, _model.Parameters, target);
        _groups =
        [
            new AdamGroup(0, _model.ActorTensors, _model.Options.ActorLearningRate),
            new AdamGroup(_model.ActorTensors, _model.Parameters.Count, _model.Options.CriticLearningRate),
        ];
    }

    public void Load()
    {
        set_num_threads(_learner.Team.Threads);
        _parameters.Load(_learner.Optimiser);
    }

    public void Store() => _parameters.Store(_learner.Optimiser);

    public (PpoSums Sums, double Norm) Step(TransitionBatch transitions, int first, int count, double entropyCoefficient, double rateShare)
    {
        PpoSums sums = Differentiate(transitions, first, count, entropyCoefficient);
        NetworkLearningOptions options = _model.Options;
        double norm = _parameters.Step(
            _groups, options.AdamBeta1, options.AdamBeta2, options.AdamEpsilon, options.GradientNorm, rateShare);
        return (sums, norm);
    }

    /// <summary>The loss of a minibatch, its gradient left in the parameters.</summary>
    internal PpoSums Differentiate(TransitionBatch transitions, int first, int count, double entropyCoefficient)
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkLearningOptions options = _model.Options;
        Minibatch batch = Fill(transitions, first, count);
        _parameters.ZeroGradients();
        PpoLoss loss = options.Credit == CreditAssignment.Counterfactual
            ? SamarohCf.Loss(_net, options, batch.Observations, batch.Choices, batch.OldLogProbabilities, batch.Advantages)
            : Samaroh.Loss(_net, options, batch.Observations, batch.Choices, batch.OldLogProbabilities, batch.Advantages, batch.Returns);
        loss.Total(entropyCoefficient, options.CriticCoefficient).backward();
        long decisions = (long)count * _model.Decisions.Deciders;
        double[] means = TorchTarget.Numbers(loss.Policy, loss.Entropy, loss.Clipped, loss.Divergence, loss.Critic ?? loss.Policy);
        return new PpoSums
        {
            Policy = means[0] * decisions,
            Entropy = means[1] * decisions,
            Clipped = means[2] * decisions,
            Divergence = means[3] * decisions,
            Critic = loss.Critic is null ? 0 : means[4] * count,
            Decisions = decisions,
            Samples = loss.Critic is null ? 0 : count,
        };
    }

    internal TorchNet Parameters => _parameters;

    public void Dispose()
    {
        _parameters.Dispose();
        _net.Dispose();
    }

    private Minibatch Fill(TransitionBatch transitions, int first, int count)
    {
        int links = _model.LinkCount, deciders = _model.Decisions.Deciders;
        float[] observations = new float[count * links * 2], old = new float[count * deciders];
        double[] advantages = new double[count * deciders], returns = new double[count];
        int[] choices = new int[count * deciders];
        for (int b = 0; b < count; b++)
        {
            int transition = transitions.Order[first + b];
            EpisodeTrajectory episode = transitions.Locate(transition, out int step);
            episode.Observations.Slice(step * links * 2, links * 2).CopyTo(observations.AsSpan(b * links * 2));
            episode.Choices(step).CopyTo(choices.AsSpan(b * deciders));
            episode.LogProbabilities(step).CopyTo(old.AsSpan(b * deciders));
            returns[b] = transitions.Returns[transition];
            for (int decider = 0; decider < deciders; decider++)
            {
                advantages[b * deciders + decider] = transitions.Advantage(transition, decider);
            }
        }

        return new Minibatch(
            _target.Of(observations, count, links, 2), _target.Of(choices, count, deciders), _target.Of(old, count, deciders),
            _target.Of(advantages, count, deciders), _target.Of(returns, count));
    }

    /// <param name="Observations">[B, N, 2].</param>
    /// <param name="Choices">[B, deciders], as the others.</param>
    /// <param name="Returns">[B].</param>
    private sealed record Minibatch(Tensor Observations, Tensor Choices, Tensor OldLogProbabilities, Tensor Advantages, Tensor Returns);
}

/// <summary>The actor alone, for rollouts of architectures that the kernels do not have.</summary>
internal sealed class TorchActorForward : IActorForward
{
    private readonly NetworkModel _model;
    private readonly TorchTarget _target;
    private readonly Carrier _carrier;
    private readonly TorchNet _parameters;
    private readonly float[] _observations;
    private float[] _logits = [];
    private PolicySnapshot? _loaded;

    public TorchActorForward(NetworkModel model, TorchTarget target, int capacity)
    {
        (_model, _target) = (model, target);
        _carrier = new Carrier(new SamarohActor(model, target.Device));
        _parameters = new TorchNet(_carrier, [.. model.Parameters.Take(model.ActorTensors)], target);
        _observations = new float[capacity * model.LinkCount * 2];
    }

    public void Observe(EpisodeTrajectory episode, int step, int sample, int batch) =>
        episode.Observations
            .Slice(step * _model.LinkCount * 2, _model.LinkCount * 2)
            .CopyTo(_observations.AsSpan(sample * _model.LinkCount * 2));

    public void Forward(PolicySnapshot policy, int batch)
    {
        if (!ReferenceEquals(_loaded, policy))
        {
            _parameters.Load(policy.All);
            _loaded = policy;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        Tensor observations = _target.Of(_observations.AsSpan(0, batch * _model.LinkCount * 2), batch, _model.LinkCount, 2);
        _logits = _carrier.Actor.call(observations).to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    public float Logit(int number, int sample, int batch) => _logits[sample * _model.LinkCount * _model.ActionCount + number];

    /// <summary>Gives the actor the name that its parameters have in checkpoints.</summary>
    private sealed class Carrier : nn.Module
    {
        public Carrier(SamarohActor actor)
            : base("carrier")
        {
            Actor = actor;
            register_module("actor", actor);
        }

        public SamarohActor Actor { get; }
    }
}
