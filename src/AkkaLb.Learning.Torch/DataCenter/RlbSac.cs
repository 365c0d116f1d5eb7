using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Torch.Network;
using TorchSharp;
using TorchSharp.Modules;
using static AkkaLb.Learning.Torch.Scalars;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AkkaLb.Learning.Torch.DataCenter;

// RLB-SAC (Yao et al. 2022): soft actor-critic without memory, a tanh-Gaussian weight in (−1, 1) for each server. L steps, B sequences, N
// servers.

/// <summary>The losses.</summary>
internal static class RlbSac
{
    private const double LeastLogDeviation = -20, MostLogDeviation = 2, HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>
    /// a = tanh(μ + σ·z) and log π(a) = Σ_N −z²/2 − log σ − ½ log 2π − log(1 − a²), the last as 2·(log 2 − u − softplus(−2u)).
    /// </summary>
    /// <param name="policy">μ ‖ log σ, [L, B, 2·N].</param>
    /// <param name="noise">z, [L, B, N].</param>
    /// <returns>[L, B, N] and [L, B].</returns>
    public static (Tensor Action, Tensor LogDensity) Act(Tensor policy, Tensor noise)
    {
        long servers = noise.shape[2];
        Tensor mean = policy.narrow(2, 0, servers), log = policy.narrow(2, servers, servers);
        log = log.clamp(Number(LeastLogDeviation), Number(MostLogDeviation));
        Tensor u = mean + log.exp() * noise;
        Tensor doubled = Number(-2) * u, softplus = doubled.relu() + (-doubled.abs()).exp().log1p();
        Tensor density = -noise.square() / Number(2) - log - Number(HalfLogTwoPi) - Number(2) * (Number(Math.Log(2)) - u - softplus);
        return (u.tanh(), density.sum(-1));
    }

    /// <summary>Mean of (Q(s, a) − y)².</summary>
    public static Tensor CriticLoss(Tensor values, Tensor targets) => (values - targets).square().mean();

    /// <summary>Mean of α log π(a|s) − min_i Q_i(s, a), a drawn by fixed noise.</summary>
    public static Tensor ActorLoss(Tensor logDensity, Tensor first, Tensor second, double temperature) =>
        (Number(temperature) * logDensity - minimum(first, second)).mean();
}

/// <summary>Gradient steps of an <see cref="RlbSacLearner"/>.</summary>
internal sealed class TorchRlbSac : ISequenceUpdate
{
    private readonly RlbSacLearner _learner;
    private readonly DataCenterLearningOptions _options;
    private readonly TorchTarget _target;
    private readonly Sequential _actor;
    private readonly Sequential[] _critics = new Sequential[2], _targets = new Sequential[2];
    private readonly DataCenterNet _actorNet;
    private readonly DataCenterNet[] _criticNets = new DataCenterNet[2];

    public TorchRlbSac(RlbSacLearner learner, TorchTarget target)
    {
        (_learner, _options, _target) = (learner, learner.Options, target);
        int width = _options.Hidden, inputs = learner.Features + learner.Actions;
        _actor = Samaroh.Mlp([learner.Features, width, width, width, width, 2 * learner.Actions], Relu);
        _actorNet = new DataCenterNet(learner.Actor, new Named<Sequential>("actor", _actor), null, _options, target);
        for (int i = 0; i < 2; i++)
        {
            (_critics[i], _targets[i]) = (Critic(), Critic());
            _criticNets[i] = new DataCenterNet(
                learner.Critics[i], new Named<Sequential>("critic", _critics[i]), new Named<Sequential>("critic", _targets[i]), _options,
                target);
        }

        Sequential Critic() => Samaroh.Mlp([inputs, width, width, width, 1], Relu);
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
        sums.Critic += DifferentiateCritics(ref sums);
        sums.Norm += (_criticNets[0].Step(rateShare) + _criticNets[1].Step(rateShare)) / 2;
        // The actor follows the critics as they are after their step.
        (double loss, double entropy) = DifferentiateActor();
        _actorNet.Step(rateShare);
        _learner.Temperature.Step(entropy);
        sums.Actor += loss;
        sums.Entropy += entropy / _learner.Actions;
        sums.Steps++;
    }

    /// <summary>
    /// The mean of both critics' losses, their gradients left in them; y is the λ-return of min_i Q̄_i(s', a') − α log π(a'|s').
    /// </summary>
    internal double DifferentiateCritics(ref LearnerSums sums)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor taken = Rows(_learner.Taken, _learner.Features + _learner.Actions);
        Tensor rewards = Rows(_learner.Rewards, 1).squeeze(-1), targets;
        using (no_grad())
        {
            Tensor features = Rows(_learner.Next, _learner.Features + _learner.Actions).narrow(2, 0, _learner.Features);
            (Tensor action, Tensor density) = RlbSac.Act(_actor.call(features), Rows(_learner.NextNoise, _learner.Actions));
            Tensor next = cat([features, action], -1), bonuses = Number(-_learner.Temperature.Value) * density;
            Tensor least = minimum(Value(_targets[0], next), Value(_targets[1], next));
            targets = Returns.Lambda(rewards, least + bonuses, bonuses, _options.Discount, _options.Lambda);
        }

        _criticNets[0].ZeroGradients();
        _criticNets[1].ZeroGradients();
        Tensor first = Value(_critics[0], taken), second = Value(_critics[1], taken);
        Tensor loss = RlbSac.CriticLoss(first, targets) + RlbSac.CriticLoss(second, targets);
        loss.backward();
        double[] numbers = TorchTarget.Numbers(loss / Number(2), (first + second).mean() / Number(2));
        sums.Value += numbers[1];
        return numbers[0];
    }

    /// <summary>The actor's loss and the policy's entropy, the gradient left in the actor.</summary>
    internal (double Loss, double Entropy) DifferentiateActor()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = Rows(_learner.Taken, _learner.Features + _learner.Actions).narrow(2, 0, _learner.Features);
        _actorNet.ZeroGradients();
        (Tensor action, Tensor density) = RlbSac.Act(_actor.call(features), Rows(_learner.Noise, _learner.Actions));
        Tensor own = cat([features, action], -1);
        Tensor loss = RlbSac.ActorLoss(density, Value(_critics[0], own), Value(_critics[1], own), _learner.Temperature.Value);
        loss.backward();
        double[] numbers = TorchTarget.Numbers(loss, -density.mean());
        return (numbers[0], numbers[1]);
    }

    private static Module<Tensor, Tensor> Relu() => ReLU();

    private static Tensor Value(Sequential critic, Tensor rows) => critic.call(rows).squeeze(-1);

    /// <summary>[L, B, width].</summary>
    private Tensor Rows(ReadOnlySpan<float> values, int width) =>
        _target.Of(values, values.Length / width / _learner.Sequences, _learner.Sequences, width);

    private Tensor Rows(ReadOnlySpan<double> values, int width) =>
        _target.Of(values, values.Length / width / _learner.Sequences, _learner.Sequences, width);
}
