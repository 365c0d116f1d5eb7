using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.Torch.Network;
using TorchSharp;
using TorchSharp.Modules;
using static AkkaLb.Learning.Torch.Scalars;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AkkaLb.Learning.Torch.DataCenter;

// QMix-LB (Rashid et al. 2018, Yao & Ding 2022): M load balancers share one recurrent net that gives a value to each level of each of their
// K heads; a mixing net makes the team's value of the chosen ones. L learnt steps, S sequences, A levels of a head, F features of a member.

/// <summary>
/// Q_tot = Σ_e |w2_e(s)|·elu(Σ_k q_k·|w1_ke(s)| + b1_e(s)) + v(s). Weights are nets of the state and taken absolute, so Q_tot never falls
/// when a q rises, and each head's best level is the team's.
/// </summary>
internal sealed class QMixer : Module<Tensor, Tensor, Tensor>
{
    private readonly Sequential _first, _second, _value;
    private readonly Linear _bias;
    private readonly int _width;

    /// <param name="state">Width of s.</param>
    /// <param name="values">Number of q.</param>
    /// <param name="width">E.</param>
    public QMixer(int state, int values, int width)
        : base("mixer")
    {
        _width = width;
        register_module("hyper_w1", _first = Samaroh.Mlp([state, width, values * width], Relu));
        register_module("hyper_b1", _bias = Linear(state, width));
        register_module("hyper_w2", _second = Samaroh.Mlp([state, width, width], Relu));
        register_module("v", _value = Samaroh.Mlp([state, width, 1], Relu));
    }

    /// <param name="q">[rows, values].</param>
    /// <param name="state">[rows, state].</param>
    /// <returns>[rows].</returns>
    public override Tensor forward(Tensor q, Tensor state)
    {
        Tensor weights = _first.call(state).view(q.shape[0], q.shape[1], _width).abs();
        Tensor mixed = bmm(q.unsqueeze(1), weights).squeeze(1) + _bias.call(state);
        Tensor hidden = mixed.relu() + (-(-mixed).relu()).exp() - Number(1); // elu
        return (hidden * _second.call(state).abs()).sum(-1) + _value.call(state).squeeze(-1);
    }

    private static Module<Tensor, Tensor> Relu() => ReLU();
}

/// <summary>Gradient steps of a <see cref="QMixLearner"/>.</summary>
internal sealed class TorchQMix : ISequenceUpdate
{
    private readonly QMixLearner _learner;
    private readonly DataCenterLearningOptions _options;
    private readonly TorchTarget _target;
    private readonly RecurrentNet _agent, _targetAgent;
    private readonly QMixer _mixer, _targetMixer;
    private readonly DataCenterNet _agentNet, _mixerNet;

    public TorchQMix(QMixLearner learner, TorchTarget target)
    {
        (_learner, _options, _target) = (learner, learner.Options, target);
        RecurrentNet Agent() => new(learner.Batch.Inputs, _options.Hidden, learner.Heads * _options.Levels.Count);
        QMixer Mixer() => new(learner.Members * learner.Features, learner.Members * learner.Heads, _options.Hidden);
        (_agent, _targetAgent, _mixer, _targetMixer) = (Agent(), Agent(), Mixer(), Mixer());
        _agentNet = new DataCenterNet(
            learner.Agent, new Named<RecurrentNet>("agent", _agent), new Named<RecurrentNet>("agent", _targetAgent), _options, target);
        _mixerNet = new DataCenterNet(learner.Mixer, _mixer, _targetMixer, _options, target);
    }

    internal IReadOnlyList<DataCenterNet> Nets => [_agentNet, _mixerNet];

    public void Load()
    {
        set_num_threads(_learner.Threads);
        _agentNet.Load();
        _mixerNet.Load();
    }

    public void Store()
    {
        _agentNet.Store();
        _mixerNet.Store();
    }

    public void Step(double rateShare, ref LearnerSums sums)
    {
        Differentiate(ref sums);
        sums.Norm += _agentNet.Step(rateShare);
        _mixerNet.Step(rateShare);
        sums.Steps++;
    }

    /// <summary>The mean squared error of the learner's batch, its gradient left in both nets.</summary>
    internal unsafe void Differentiate(ref LearnerSums sums)
    {
        using DisposeScope scope = NewDisposeScope();
        SequenceBatch batch = _learner.Batch;
        int learned = batch.Learned, members = _learner.Members, sequences = batch.Batch / members, heads = _learner.Heads;
        Tensor x = _target.Of(
            new ReadOnlySpan<float>(batch.X, batch.Steps * batch.Batch * batch.Inputs), batch.Steps, batch.Batch, batch.Inputs);
        Tensor keeps = Sequences.Keeps(batch, _target), rewards = _target.Of(batch.Rewards, learned, sequences);
        Tensor actions = _target.Of(batch.Actions, learned, batch.Batch, heads);
        _agentNet.ZeroGradients();
        _mixerNet.ZeroGradients();

        // The state of a moment is what all members see of it; [L + 1, S, M·F].
        Tensor states = x.narrow(0, batch.BurnIn, learned + 1).narrow(2, 0, _learner.Features).reshape(learned + 1, sequences, -1);
        Tensor q = Levels(_agent.Run(x, batch.BurnIn, keeps), heads);
        Tensor chosen = q.narrow(0, 0, learned).gather(-1, actions.unsqueeze(-1)).reshape(learned * sequences, members * heads);
        Tensor total = _mixer.call(chosen, states.narrow(0, 0, learned).reshape(learned * sequences, -1));

        Tensor targets;
        using (no_grad())
        {
            // What the trained net likes best, as the target nets value it (double Q-learning).
            Tensor best = q.narrow(0, 1, learned).argmax(-1, keepdim: true);
            Tensor values = Levels(_targetAgent.Run(x, batch.BurnIn, keeps), heads).narrow(0, 1, learned).gather(-1, best);
            Tensor next = _targetMixer.call(
                values.reshape(learned * sequences, members * heads), states.narrow(0, 1, learned).reshape(learned * sequences, -1));
            next = next.view(learned, sequences);
            targets = Returns.Lambda(rewards, next, zeros_like(next), _options.Discount, _options.Lambda).reshape(-1);
        }

        Tensor loss = (total - targets).square().mean();
        loss.backward();
        double[] numbers = TorchTarget.Numbers(loss, total.mean());
        sums.Critic += numbers[0];
        sums.Value += numbers[1];
    }

    /// <summary>Values of each level of each head, [steps, rows, K, A]; softmaxed in the published code.</summary>
    private Tensor Levels(Tensor outputs, int heads)
    {
        Tensor values = outputs.view(outputs.shape[0], outputs.shape[1], heads, -1);
        return _options.Reference ? functional.softmax(values, -1) : values;
    }
}
