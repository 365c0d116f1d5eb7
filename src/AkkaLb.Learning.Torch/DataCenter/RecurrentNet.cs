using TorchSharp.Modules;
using static AkkaLb.Learning.Torch.Scalars;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AkkaLb.Learning.Torch.DataCenter;

/// <summary>
/// The published recurrent net of Distr-LB, Centr-LB and QMix-LB: two ReLU layers, a gated recurrent unit, two ReLU layers, a linear
/// output. T steps, B sequences.
/// </summary>
internal sealed class RecurrentNet : Module<Tensor, Tensor>
{
    private readonly Linear _linear1, _linear2, _linear3, _linear4, _output;
    private readonly GRU _gru;
    private readonly int _width;

    public RecurrentNet(int inputs, int width, int outputs)
        : base("recurrent")
    {
        _width = width;
        register_module("linear1", _linear1 = Linear(inputs, width));
        register_module("linear2", _linear2 = Linear(width, width));
        register_module("gru", _gru = GRU(width, width));
        register_module("linear3", _linear3 = Linear(width, width));
        register_module("linear4", _linear4 = Linear(width, width));
        register_module("output", _output = Linear(width, outputs));
    }

    /// <summary>From zero states, without steps that only set them up.</summary>
    public override Tensor forward(Tensor x) => Run(x, 0, ones([1, x.shape[1]], x.dtype, x.device));

    /// <param name="x">[T, B, inputs].</param>
    /// <param name="burnIn">First steps that only bring the state up to date; nothing is learnt through them.</param>
    /// <param name="keeps">[burnIn + 1, B]: 0 where a sequence's state is cleared before the step, as its episode starts there, else
    /// 1.</param>
    /// <returns>[T − burnIn, B, outputs].</returns>
    public Tensor Run(Tensor x, int burnIn, Tensor keeps)
    {
        Tensor state = zeros([1, x.shape[1], _width], x.dtype, x.device);
        using (no_grad())
        {
            for (int t = 0; t < burnIn; t++)
            {
                state = _gru.call(Embed(x.narrow(0, t, 1)), Cleared(state, keeps, t)).Item2;
            }
        }

        Tensor states = _gru.call(Embed(x.narrow(0, burnIn, x.shape[0] - burnIn)), Cleared(state.detach(), keeps, burnIn)).Item1;
        return _output.call(_linear4.call(_linear3.call(states).relu()).relu());
    }

    private static Tensor Cleared(Tensor state, Tensor keeps, int step) => state * keeps[step].view(1, -1, 1);

    private Tensor Embed(Tensor x) => _linear2.call(_linear1.call(x).relu()).relu();
}

/// <summary>Gives a net the name under which a checkpoint has it.</summary>
internal sealed class Named<T> : Module
    where T : Module
{
    public Named(string name, T net)
        : base(name) => register_module(name, net);
}

/// <summary>What values are learnt towards.</summary>
internal static class Returns
{
    /// <summary>y_t = r_t + γ·((1 − λ)·v_{t+1} + λ·(y_{t+1} + b_{t+1})), and after the last step y + b is v: Peng's Q(λ).</summary>
    /// <param name="rewards">[T, B].</param>
    /// <param name="values">v_{t+1}, [T, B].</param>
    /// <param name="bonuses">b_{t+1}, what v holds beside the value of an action: the entropy's worth. [T, B].</param>
    public static Tensor Lambda(Tensor rewards, Tensor values, Tensor bonuses, double discount, double lambda)
    {
        int steps = (int)rewards.shape[0];
        var targets = new Tensor[steps];
        Tensor further = values[steps - 1];
        for (int t = steps - 1; t >= 0; t--)
        {
            targets[t] = rewards[t] + Number(discount) * (Number(1 - lambda) * values[t] + Number(lambda) * further);
            further = t > 0 ? targets[t] + bonuses[t - 1] : further;
        }

        return stack(targets);
    }
}
