using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.Network.Models;

/// <summary>
/// The nets of one exchange: message m(h_e ‖ h_f), sender first, and update u(h_f ‖ max ‖ min). The message's first layer is
/// evaluated as (h_e·W_s) + (h_f·W_r + b), the two halves once per agent instead of once per pair of agents; that sum is its
/// definition here, for one agent as for a batch.
/// </summary>
internal sealed class MessageNet
{
    public MessageNet(ParameterLayout layout, string name, NetworkLearningOptions options)
    {
        int state = options.HiddenState;
        Dense first = layout.AddDense($"{name}.message.0", 2 * state, options.NarrowLayer, Math.Sqrt(2));
        Sender = first with { Inputs = state };
        Receiver = first with { Weight = first.Weight + state * first.Outputs, Inputs = state };
        Output = layout.AddDense($"{name}.message.2", options.NarrowLayer, state, Math.Sqrt(2));
        Update = layout.AddMlp(
            $"{name}.update", [3 * state, options.WideLayer, options.NarrowLayer, state], lastGain: Math.Sqrt(2), lastTanh: true);
    }

    /// <summary>The sender's rows of the first layer's weight; its bias is not used.</summary>
    public Dense Sender { get; }

    /// <summary>The receiver's rows of the first layer's weight, and the bias.</summary>
    public Dense Receiver { get; }

    /// <summary>The second layer.</summary>
    public Dense Output { get; }

    public Mlp Update { get; }
}
