using AkkaLb.Learning.Network.Models;
using TorchSharp;
using TorchSharp.Modules;
using static AkkaLb.Learning.Torch.Scalars;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AkkaLb.Learning.Torch.Network;

// MAROH and SAMAROH (specification sections 2 and 4): one agent for each directed link, hidden states exchanged K times with the agents of
// the links that enter its tail, a categorical decision from the last one, and PPO with a critic that sees all agents.
// B samples, N links, D features of a hidden state, A actions, M pairs of a sender and a receiver.

/// <summary>The whole net, with the names of a checkpoint: <c>actor.message.0.weight</c> and so on.</summary>
internal sealed class SamarohNet : nn.Module
{
    public SamarohNet(NetworkModel model, Device device)
        : base("samaroh")
    {
        Actor = new SamarohActor(model, device);
        Critic = new SamarohCritic(model, device);
        register_module("actor", Actor);
        register_module("critic", Critic);
    }

    public SamarohActor Actor { get; }

    public SamarohCritic Critic { get; }
}

/// <summary>K exchanges: messages m(h_e ‖ h_f), their extrema, update u(h_f ‖ max ‖ min). All links share both nets.</summary>
internal sealed class Exchanges
{
    private readonly int _iterations, _features;
    private readonly Tensor _senders, _receivers, _heard, _hears;
    private readonly Module<Tensor, Tensor> _message, _update;

    public Exchanges(nn.Module owner, NetworkModel model, Device device)
    {
        NetworkLearningOptions options = model.Options;
        (_iterations, _features) = (model.MessageIterations, options.HiddenState);
        _message = Samaroh.Mlp([2 * _features, options.NarrowLayer, _features], nn.Tanh, last: nn.Tanh);
        _update = Samaroh.Mlp([3 * _features, options.WideLayer, options.NarrowLayer, _features], nn.Tanh, last: nn.Tanh);
        owner.register_module("message", _message);
        owner.register_module("update", _update);

        // Pairs in the order of receivers. A link that hears fewer links than others hears its first one again, which changes no extremum.
        List<long> senders = [], receivers = [], heard = [];
        for (int link = 0; link < model.LinkCount; link++)
        {
            int first = senders.Count;
            foreach (int sender in model.Predecessors(link))
            {
                senders.Add(sender);
                receivers.Add(link);
            }

            for (int i = 0; i < model.MaxPredecessors; i++)
            {
                int own = senders.Count - first;
                heard.Add(own == 0 ? 0 : i < own ? first + i : first);
            }
        }

        float[] hears = [.. Enumerable.Range(0, model.LinkCount).Select(link => model.Predecessors(link).Length > 0 ? 1f : 0f)];
        (_senders, _receivers, _heard) = (tensor(senders).to(device), tensor(receivers).to(device), tensor(heard).to(device));
        _hears = tensor(hears).view(1, -1, 1).to(device);
    }

    /// <param name="observations">[B, N, 2]: load and weight, normalised.</param>
    /// <returns>h^K, [B, N, D].</returns>
    public Tensor Run(Tensor observations)
    {
        long batch = observations.shape[0], links = observations.shape[1];
        Tensor h = functional.pad(observations, [0, _features - 2]), hears = _hears.to(observations.dtype);
        for (int l = 0; l < _iterations; l++)
        {
            Tensor messages = _message.call(cat([h.index_select(1, _senders), h.index_select(1, _receivers)], -1));
            Tensor heard = messages.index_select(1, _heard).view(batch, links, -1, _features);
            Tensor max = heard.max(2).values * hears, min = heard.min(2).values * hears;
            h = _update.call(cat([h, max, min], -1));
        }

        return h;
    }
}

/// <summary>Logits of every link's actions.</summary>
internal sealed class SamarohActor : Module<Tensor, Tensor>
{
    private readonly Func<Tensor, Tensor> _states;
    private readonly Sequential[] _readouts;

    public SamarohActor(NetworkModel model, Device device)
        : base("actor")
    {
        NetworkLearningOptions options = model.Options;
        _states = model.HasKernels ? new Exchanges(this, model, device).Run : new GraphAttention(this, model, device).Run;
        Sequential Readout() => Samaroh.Mlp([options.HiddenState, options.WideLayer, options.NarrowLayer, model.ActionCount], Tanh);
        if (options.Readout == ReadoutMode.PerAgent)
        {
            _readouts = [.. Enumerable.Range(0, model.LinkCount).Select(_ => Readout())];
            register_module("readout", ModuleList(_readouts));
        }
        else
        {
            _readouts = [Readout()];
            register_module("readout", _readouts[0]);
        }
    }

    /// <param name="observations">[B, N, 2].</param>
    /// <returns>[B, N, A].</returns>
    public override Tensor forward(Tensor observations)
    {
        Tensor h = _states(observations);
        return _readouts.Length == 1 ? _readouts[0].call(h) : OwnReadouts(h);
    }

    /// <summary>Every link's own readout net, all of them side by side: weights stacked to [N, outputs, inputs].</summary>
    private Tensor OwnReadouts(Tensor h)
    {
        Tensor x = h.transpose(0, 1);
        for (int layer = 0; layer < 6; layer += 2)
        {
            Linear[] own = [.. _readouts.Select(readout => (Linear)readout[layer])];
            Tensor weights = stack(own.Select(l => l.weight!)), biases = stack(own.Select(l => l.bias!)).unsqueeze(1);
            x = bmm(x, weights.transpose(1, 2)) + biases;
            x = layer < 4 ? x.tanh() : x;
        }

        return x.transpose(0, 1);
    }
}

/// <summary>The value of the whole network's state: its own exchanges, then mean ‖ max ‖ min ‖ deviation over the links.</summary>
internal sealed class SamarohCritic : Module<Tensor, Tensor>
{
    private readonly Exchanges _exchanges;
    private readonly Module<Tensor, Tensor> _head;

    public SamarohCritic(NetworkModel model, Device device)
        : base("critic")
    {
        NetworkLearningOptions options = model.Options;
        _exchanges = new Exchanges(this, model, device);
        _head = Samaroh.Mlp([4 * options.HiddenState, options.WideLayer, options.NarrowLayer, 1], Tanh);
        register_module("head", _head);
    }

    /// <param name="observations">[B, N, 2].</param>
    /// <returns>[B].</returns>
    public override Tensor forward(Tensor observations)
    {
        Tensor h = _exchanges.Run(observations);
        Tensor pooled = cat([h.mean([1]), h.max(1).values, h.min(1).values, h.std([1], unbiased: false)], -1);
        return _head.call(pooled).squeeze(-1);
    }
}

/// <summary>The terms of PPO's loss for one minibatch, each a mean.</summary>
/// <param name="Policy">max(−A·ρ, −A·clip(ρ, 1 − c, 1 + c)) over decisions.</param>
/// <param name="Entropy">Over decisions, in nats.</param>
/// <param name="Critic">Squared error over samples; null where no critic learns.</param>
/// <param name="Clipped">Share of decisions whose gradient is clipped away.</param>
/// <param name="Divergence">ρ − 1 − log ρ over decisions.</param>
internal sealed record PpoLoss(Tensor Policy, Tensor Entropy, Tensor? Critic, Tensor Clipped, Tensor Divergence)
{
    /// <summary>What is minimised.</summary>
    public Tensor Total(double entropyCoefficient, double criticCoefficient)
    {
        Tensor total = Policy - Number(entropyCoefficient) * Entropy;
        return Critic is null ? total : total + Number(criticCoefficient) * Critic;
    }
}

/// <summary>The losses.</summary>
internal static class Samaroh
{
    /// <summary>Logits as deciders read them, [B, deciders, choices].</summary>
    /// <param name="logits">[B, N, A].</param>
    public static Tensor Decisions(Tensor logits, NetworkLearningOptions options)
    {
        long batch = logits.shape[0], links = logits.shape[1], actions = logits.shape[2];
        return options.Method switch
        {
            // One decision for the whole team: which link does what.
            NetworkMethod.Maroh => logits.reshape(batch, 1, links * actions),
            // The published code reshapes [N, A] to [A, N] without a transpose, so agents read each other's outputs (section 11, B1).
            _ when options.Readout == ReadoutMode.Reference => logits.reshape(batch, actions, links).transpose(1, 2),
            _ => logits,
        };
    }

    /// <summary>PPO's loss with the critic's.</summary>
    /// <inheritdoc cref="Policy" path="/param"/>
    /// <param name="observations">[B, N, 2]: load and weight, normalised.</param>
    /// <param name="returns">λ-returns of the team, [B].</param>
    public static PpoLoss Loss(
        SamarohNet net, NetworkLearningOptions options, Tensor observations, Tensor choices, Tensor oldLogProbabilities, Tensor advantages,
        Tensor returns)
    {
        Tensor logits = Decisions(net.Actor.call(observations), options);
        PpoLoss policy = Policy(logits, choices, oldLogProbabilities, advantages, options.Clip);
        return policy with { Critic = Value(net.Critic.call(observations), returns) };
    }

    /// <summary>PPO's clipped objective; one ratio for each decision.</summary>
    /// <param name="logits">[B, deciders, choices].</param>
    /// <param name="choices">What was chosen, [B, deciders].</param>
    /// <param name="oldLogProbabilities">log π of it when it was chosen, [B, deciders].</param>
    /// <param name="advantages">[B, deciders].</param>
    public static PpoLoss Policy(Tensor logits, Tensor choices, Tensor oldLogProbabilities, Tensor advantages, double clip)
    {
        Tensor logProbabilities = functional.log_softmax(logits, -1);
        Tensor logRatio = logProbabilities.gather(-1, choices.unsqueeze(-1)).squeeze(-1) - oldLogProbabilities;
        Tensor ratio = logRatio.exp();
        Tensor plain = -advantages * ratio, limited = -advantages * ratio.clamp(Number(1 - clip), Number(1 + clip));
        Tensor entropy = -(logProbabilities.exp() * logProbabilities).sum(-1);
        return new PpoLoss(
            maximum(plain, limited).mean(), entropy.mean(), null, limited.gt(plain).to(logits.dtype).mean(),
            (ratio - Number(1) - logRatio).mean());
    }

    /// <summary>The critic's mean squared error.</summary>
    /// <param name="values">[B].</param>
    /// <param name="returns">[B].</param>
    public static Tensor Value(Tensor values, Tensor returns) => (values - returns).square().mean();

    /// <summary>Linear layers numbered 0, 2, 4 … with an activation after each but the last, which may have another.</summary>
    public static Sequential Mlp(int[] widths, Func<Module<Tensor, Tensor>> activation, Func<Module<Tensor, Tensor>>? last = null)
    {
        List<(string, Module<Tensor, Tensor>)> layers = [];
        for (int i = 0; i + 1 < widths.Length; i++)
        {
            layers.Add(($"{2 * i}", Linear(widths[i], widths[i + 1])));
            if ((i + 2 < widths.Length ? activation : last) is { } after)
            {
                layers.Add(($"{2 * i + 1}", after()));
            }
        }

        return Sequential(layers);
    }

    private static Module<Tensor, Tensor> Tanh() => nn.Tanh();
}
