using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.DataCenter.Models;

/// <summary>
/// QMix's mixing net: Q_tot = Σ_e |w2_e(s)|·elu(Σ_k q_k·|w1_ke(s)| + b1_e(s)) + v(s), whose weights are nets of the state s. It never falls
/// when a q_k rises, so each head's best level is the team's.
/// </summary>
internal sealed class MonotonicMixer
{
    /// <param name="state">Width of s.</param>
    /// <param name="values">K, the number of q.</param>
    /// <param name="width">E, and the width of the hidden layers of the nets.</param>
    public MonotonicMixer(ParameterLayout layout, int state, int values, int width)
    {
        (State, Values, Width) = (state, values, width);
        First = layout.AddMlp("hyper_w1", [state, width, values * width], 1, lastTanh: false, relu: true);
        Bias = layout.AddDense("hyper_b1", state, width, 1);
        Second = layout.AddMlp("hyper_w2", [state, width, width], 1, lastTanh: false, relu: true);
        Value = layout.AddMlp("v", [state, width, 1], 1, lastTanh: false, relu: true);
    }

    public int State { get; }

    public int Values { get; }

    public int Width { get; }

    public Mlp First { get; }

    public Dense Bias { get; }

    public Mlp Second { get; }

    public Mlp Value { get; }
}
