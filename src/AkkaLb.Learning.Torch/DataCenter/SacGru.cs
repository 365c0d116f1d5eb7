using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using TorchSharp;
using static AkkaLb.Learning.Torch.Scalars;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AkkaLb.Learning.Torch.DataCenter;

// Distr-LB, and Centr-LB as one agent that sees and decides for all (Yao & Ding 2022): soft actor-critic over a recurrent policy of
// independent categorical heads, one for each server. L learnt steps, B sequences, K heads, A levels of a head.

/// <summary>The losses.</summary>
internal static class SacGru
{
    /// <summary>Q(s, a) = v + Σ_k (A_k(a_k) − mean A_k): a state value, and advantages for each level of each head.</summary>
    /// <param name="critic">[L, B, 1 + K·A].</param>
    /// <param name="actions">Levels, [L, B, K].</param>
    /// <returns>[L, B].</returns>
    public static Tensor Value(Tensor critic, Tensor actions) =>
        critic.select(2, 0) + Centred(critic, actions.shape[2]).gather(-1, actions.unsqueeze(-1)).sum([2, 3]);

    /// <summary>E_π[Q], exact, as the value is a sum over heads.</summary>
    /// <param name="probabilities">[L, B, K, A].</param>
    public static Tensor Expectation(Tensor critic, Tensor probabilities) =>
        critic.select(2, 0) + (probabilities * Centred(critic, probabilities.shape[2])).sum([2, 3]);

    /// <summary>−Σ_k Σ_a π log π, in nats: [L, B].</summary>
    /// <param name="logProbabilities">[L, B, K, A].</param>
    public static Tensor Entropy(Tensor logProbabilities) => -(logProbabilities.exp() * logProbabilities).sum([2, 3]);

    /// <summary>Mean of (Q(s, a) − y)².</summary>
    public static Tensor CriticLoss(Tensor critic, Tensor actions, Tensor targets) => (Value(critic, actions) - targets).square().mean();

    /// <summary>Mean of Σ_k E_π[α log π − A], the advantage that of both critics' mean.</summary>
    /// <param name="advantages">[L, B, K, A], constants.</param>
    public static Tensor ActorLoss(Tensor logProbabilities, Tensor advantages, double temperature) =>
        (logProbabilities.exp() * (Number(temperature) * logProbabilities - advantages)).sum([2, 3]).mean();

    /// <summary>
    /// The published loss, of one drawn action: mean of Σ_k α log π(a_k) − A(a_k). The drawn values are constants, so only α·∇ log π is
    /// left of its gradient, whose expectation is zero.
    /// </summary>
    /// <param name="drawn">[L, B, K].</param>
    public static Tensor PublishedActorLoss(Tensor logProbabilities, Tensor advantages, Tensor drawn, double temperature) =>
        (Number(temperature) * logProbabilities - advantages).gather(-1, drawn.unsqueeze(-1)).sum([2, 3]).mean();

    /// <summary>A level by the inverse of the cumulative distribution.</summary>
    /// <param name="uniforms">In [0, 1), [L, B, K].</param>
    public static Tensor Draw(Tensor probabilities, Tensor uniforms) =>
        probabilities.cumsum(-1).narrow(3, 0, probabilities.shape[3] - 1).le(uniforms.unsqueeze(-1)).sum(-1);

    /// <summary>The advantages, [L, B, K, A].</summary>
    public static Tensor Advantages(Tensor critic, long heads) =>
        critic.narrow(2, 1, critic.shape[2] - 1).reshape(critic.shape[0], critic.shape[1], heads, -1);

    private static Tensor Centred(Tensor critic, long heads)
    {
        Tensor advantages = Advantages(critic, heads);
        return advantages - advantages.mean([3], keepdim: true);
    }
}

/// <summary>Gradient steps of a <see cref="SacGruLearner"/>: five forward passes, three losses, three optimisers, two targets.</summary>
internal sealed class TorchSacGru : ISequenceUpdate
{
    private readonly SacGruLearner _learner;
    private readonly DataCenterLearningOptions _options;
    private readonly TorchTarget _target;
    private readonly RecurrentNet _actor;
    private readonly RecurrentNet[] _critics = new RecurrentNet[2], _targets = new RecurrentNet[2];
    private readonly DataCenterNet _actorNet;
    private readonly DataCenterNet[] _criticNets = new DataCenterNet[2];

    public TorchSacGru(SacGruLearner learner, TorchTarget target)
    {
        (_learner, _options, _target) = (learner, learner.Options, target);
        int inputs = learner.Batch.Inputs, width = _options.Hidden, levels = learner.Heads * _options.Levels.Count;
        _actor = new RecurrentNet(inputs, width, levels);
        _actorNet = new DataCenterNet(learner.Actor, new Named<RecurrentNet>("actor", _actor), null, _options, target);
        for (int i = 0; i < 2; i++)
        {
            _critics[i] = new RecurrentNet(inputs, width, 1 + levels);
            _targets[i] = new RecurrentNet(inputs, width, 1 + levels);
            _criticNets[i] = new DataCenterNet(
                learner.Critics[i], new Named<RecurrentNet>("critic", _critics[i]), new Named<RecurrentNet>("critic", _targets[i]),
                _options, target);
        }
    }

    internal IReadOnlyList<DataCenterNet> Nets => [_actorNet, .. _criticNets];

    public void Load()
    {
        set_num_threads(_learner.Threads);
        foreach (DataCenterNet net in Nets)
        {
            net.Load();
        }
    }

    public void Store()
    {
        foreach (DataCenterNet net in Nets)
        {
            net.Store();
        }
    }

    public void Step(double rateShare, ref LearnerSums sums)
    {
        Differentiate(ref sums);
        _actorNet.Step(rateShare);
        sums.Norm += (_criticNets[0].Step(rateShare) + _criticNets[1].Step(rateShare)) / 2;
        sums.Steps++;
    }

    /// <summary>The losses of the learner's batch, their gradients left in the nets.</summary>
    internal unsafe void Differentiate(ref LearnerSums sums)
    {
        using DisposeScope scope = NewDisposeScope();
        SequenceBatch batch = _learner.Batch;
        int learned = batch.Learned, heads = _learner.Heads, levels = _options.Levels.Count;
        double temperature = _learner.Temperature.Value;
        Tensor x = _target.Of(
            new ReadOnlySpan<float>(batch.X, batch.Steps * batch.Batch * batch.Inputs), batch.Steps, batch.Batch, batch.Inputs);
        Tensor keeps = Sequences.Keeps(batch, _target), rewards = _target.Of(batch.Rewards, learned, batch.Batch);
        Tensor actions = _target.Of(batch.Actions, learned, batch.Batch, heads);
        foreach (DataCenterNet net in Nets)
        {
            net.ZeroGradients();
        }

        // Logits of all learnt steps and of the one after; values of the learnt steps.
        Tensor logits = _actor.Run(x, batch.BurnIn, keeps).view(learned + 1, batch.Batch, heads, levels);
        Tensor logProbabilities = functional.log_softmax(logits, -1);
        Tensor known = x.narrow(0, 0, batch.Steps - 1);
        Tensor[] values = [.. _critics.Select(critic => critic.Run(known, batch.BurnIn, keeps))];

        Tensor targets;
        using (no_grad())
        {
            Tensor next = logProbabilities.narrow(0, 1, learned).detach(), probabilities = next.exp();
            Tensor bonuses = Number(temperature) * SacGru.Entropy(next);
            Tensor[] expected = [.. _targets.Select(critic =>
                SacGru.Expectation(critic.Run(x, batch.BurnIn, keeps).narrow(0, 1, learned), probabilities))];
            targets = Returns.Lambda(rewards, minimum(expected[0], expected[1]) + bonuses, bonuses, _options.Discount, _options.Lambda);
        }

        Tensor criticLoss = SacGru.CriticLoss(values[0], actions, targets) + SacGru.CriticLoss(values[1], actions, targets);
        criticLoss.backward();

        Tensor own = logProbabilities.narrow(0, 0, learned);
        Tensor advantages = (SacGru.Advantages(values[0], heads) + SacGru.Advantages(values[1], heads)).detach() / Number(2);
        Tensor Drawn() => SacGru.Draw(own.detach().exp(), Uniforms(learned, batch.Batch, heads));
        Tensor actorLoss = _options.Reference
            ? SacGru.PublishedActorLoss(own, advantages, Drawn(), temperature)
            : SacGru.ActorLoss(own, advantages, temperature);
        actorLoss.backward();

        Tensor entropy = SacGru.Entropy(own).mean();
        Tensor value = (SacGru.Value(values[0], actions) + SacGru.Value(values[1], actions)).mean() / Number(2);
        double[] numbers = TorchTarget.Numbers(criticLoss / Number(2), actorLoss, entropy, value);
        sums.Critic += numbers[0];
        sums.Actor += numbers[1];
        sums.Entropy += numbers[2] / heads;
        sums.Value += numbers[3];
        _learner.Temperature.Step(numbers[2]);
    }

    /// <summary>The step's draws, in the order in which the native learner takes them.</summary>
    private Tensor Uniforms(params long[] shape)
    {
        double[] draws = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < draws.Length; i++)
        {
            draws[i] = _learner.Random.NextDouble();
        }

        return _target.Of(draws, shape);
    }
}
