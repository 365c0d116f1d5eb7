using AkkaLb.Learning.Network.Models;
using TorchSharp;
using TorchSharp.Modules;
using static AkkaLb.Learning.Torch.Scalars;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AkkaLb.Learning.Torch.Network;

/// <summary>
/// The graph-attention variant of the actor (specification section 2.6; Veličković et al. 2018): instead of the extrema of messages an
/// agent takes a mean over the agents that it hears and itself, weighted by how much it attends to each. Layers with several heads, whose
/// outputs are concatenated, then one of a single head that gives the hidden state of the readout.
/// </summary>
/// <remarks>α_fe = softmax_e LeakyReLU(s(x_e ‖ x_f)), x = W·h; h'_f = ReLU(Σ_e α_fe·x_e). The scores s are the same net for all
/// heads.</remarks>
internal sealed class GraphAttention
{
    private const double Slope = 0.2, Masked = -1e9;

    private readonly int _features;
    private readonly Tensor _deaf;
    private readonly (AttentionLayer Shape, Module<Tensor, Tensor> Linear, Linear Score)[] _layers;

    public GraphAttention(nn.Module owner, NetworkModel model, Device device)
    {
        _features = model.HiddenState;
        _layers = [.. model.AttentionLayers.Select(layer =>
            (layer, (Module<Tensor, Tensor>)Linear(layer.Inputs, layer.Outputs), Linear(2 * layer.Features, 1)))];
        owner.register_module("attention", ModuleList(
            [.. _layers.Select(layer => (nn.Module)new Layer(layer.Linear, layer.Score))]));

        // [receivers, senders]: who does not hear whom.
        bool[] deaf = new bool[model.LinkCount * model.LinkCount];
        Array.Fill(deaf, true);
        for (int link = 0; link < model.LinkCount; link++)
        {
            deaf[link * model.LinkCount + link] = false;
            foreach (int sender in model.Predecessors(link))
            {
                deaf[link * model.LinkCount + sender] = false;
            }
        }

        _deaf = tensor(deaf, [1, model.LinkCount, model.LinkCount, 1]).to(device);
    }

    /// <param name="observations">[B, N, 2].</param>
    /// <returns>[B, N, D].</returns>
    public Tensor Run(Tensor observations)
    {
        long batch = observations.shape[0], links = observations.shape[1];
        Tensor h = functional.pad(observations, [0, _features - 2]);
        foreach ((AttentionLayer shape, Module<Tensor, Tensor> linear, Linear score) in _layers)
        {
            Tensor x = linear.call(h).view(batch, links, shape.Heads, shape.Features);
            // s(x_e ‖ x_f) is a sum of a sender's and a receiver's part: [B, receivers, senders, heads].
            Tensor sender = x.matmul(score.weight![0].narrow(0, 0, shape.Features));
            Tensor receiver = x.matmul(score.weight![0].narrow(0, shape.Features, shape.Features)) + score.bias!;
            Tensor scores = sender.unsqueeze(1) + receiver.unsqueeze(2);
            scores = maximum(scores, Number(Slope) * scores);
            Tensor attention = functional.softmax(scores.masked_fill(_deaf, Number(Masked)), 2);
            h = functional.relu(einsum("bfeh,behd->bfhd", attention, x)).reshape(batch, links, shape.Outputs);
        }

        return h;
    }

    /// <summary>Only the names of a layer's parameters.</summary>
    private sealed class Layer : nn.Module
    {
        public Layer(nn.Module linear, nn.Module score)
            : base("layer")
        {
            register_module("linear", linear);
            register_module("score", score);
        }
    }
}
