using System.Globalization;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.Export;

/// <summary>
/// The policies of load balancers as files in ONNX, the scaling of features included.
/// </summary>
/// <remarks>
/// Recurrent policies (Distr-LB, Centr-LB, QMix-LB): inputs <c>features</c> [batch, F] as observed, <c>last</c> [batch, K·A] the levels
/// chosen before, one-hot for each head (zeros at an episode's start), <c>state</c> [batch, H] (zeros there too); outputs <c>logits</c>
/// [batch, K·A] (values with QMix-LB) and <c>next</c> [batch, H]. RLB-SAC: input <c>features</c>, output <c>policy</c> [batch, 2·N], μ then
/// log σ.
/// </remarks>
public static class DataCenterPolicyOnnx
{
    /// <summary>One file for each agent: its name and content.</summary>
    public static IEnumerable<(string Name, byte[] Content)> Write(DataCenterTrainer trainer)
    {
        foreach (BalancingAgent agent in trainer.Agents)
        {
            yield return (agent.Name, Write(agent, trainer.Options));
        }
    }

    private static byte[] Write(BalancingAgent agent, DataCenterLearningOptions options)
    {
        var graph = new OnnxGraph($"akkalb-{agent.Name}");
        TrainedNet net = agent.Nets[0];
        FeatureNormaliser normaliser = agent.Normaliser;
        int features = normaliser.Mean.Length;
        string x = graph.Input("features", features);
        if (options.NormaliseObservations)
        {
            x = graph.Node("Sub", x, graph.Constant("shift", normaliser.Shift, features));
            x = graph.Node("Mul", x, graph.Constant("scale", normaliser.Scale, features));
            string least = graph.Constant("least", [-FeatureNormaliser.Limit]), most = graph.Constant("most", [FeatureNormaliser.Limit]);
            x = graph.Node("Clip", x, least, most);
        }

        if (options.Method == DataCenterMethod.RlbSac)
        {
            for (int layer = 0; layer < 10; layer += 2)
            {
                x = Dense(graph, net, $"actor.{layer}", x, relu: layer < 8);
            }

            graph.Output("policy", x, 2 * agent.Servers);
        }
        else
        {
            Recurrent(graph, net, options.Method == DataCenterMethod.QMixLb ? "agent" : "actor", x, options.Hidden);
        }

        graph.Describe("method", options.Method.ToString());
        graph.Describe("levels", string.Join(' ', options.Levels.Select(level => level.ToString(CultureInfo.InvariantCulture))));
        return graph.Build();
    }

    private static void Recurrent(OnnxGraph graph, TrainedNet net, string name, string x, int width)
    {
        int outputs = Tensor(net, $"{name}.output.bias").Outputs;
        string last = graph.Input("last", outputs), state = graph.Input("state", width);
        x = graph.Node("Concat", [x, last], OnnxGraph.Number("axis", 1));
        x = Dense(graph, net, $"{name}.linear2", Dense(graph, net, $"{name}.linear1", x, relu: true), relu: true);

        string first = graph.Constant("first", [0L], 1);
        string input = Gates(graph, net, $"{name}.gru.weight_ih_l0", width);
        string recurrent = Gates(graph, net, $"{name}.gru.weight_hh_l0", width);
        float[] biases = [.. Reordered(net, $"{name}.gru.bias_ih_l0", width), .. Reordered(net, $"{name}.gru.bias_hh_l0", width)];
        string after = graph.Node(
            "GRU",
            [
                graph.Node("Unsqueeze", x, first), input, recurrent, graph.Constant("gru.bias", biases, 1, 6 * width), "",
                graph.Node("Unsqueeze", state, first),
            ],
            1,
            OnnxGraph.Number("hidden_size", width), OnnxGraph.Number("linear_before_reset", 1));
        string next = graph.Node("Squeeze", after, first);
        x = Dense(graph, net, $"{name}.linear4", Dense(graph, net, $"{name}.linear3", next, relu: true), relu: true);
        graph.Output("logits", Dense(graph, net, $"{name}.output", x, relu: false), outputs);
        graph.Output("next", next, width);
    }

    private static string Dense(OnnxGraph graph, TrainedNet net, string name, string x, bool relu)
    {
        ParameterTensor weight = Tensor(net, $"{name}.weight"), bias = Tensor(net, $"{name}.bias");
        x = graph.Node(
            "Gemm", x, graph.Constant(weight.Name, Values(net, weight), weight.Inputs, weight.Outputs),
            graph.Constant(bias.Name, Values(net, bias), bias.Outputs));
        return relu ? graph.Node("Relu", x) : x;
    }

    /// <summary>A weight of a recurrent layer as [1, 3·width, inputs].</summary>
    private static string Gates(OnnxGraph graph, TrainedNet net, string name, int width)
    {
        ParameterTensor tensor = Tensor(net, name);
        float[] gates = Reordered(net, name, width), transposed = new float[gates.Length];
        Kernel.Transpose(transposed, gates, tensor.Inputs, tensor.Outputs);
        return graph.Constant(name, transposed, 1, tensor.Outputs, tensor.Inputs);
    }

    /// <summary>Columns r ‖ z ‖ n, which is PyTorch's order, as z ‖ r ‖ n, which is ONNX's.</summary>
    private static float[] Reordered(TrainedNet net, string name, int width)
    {
        ParameterTensor tensor = Tensor(net, name);
        float[] values = Values(net, tensor).ToArray();
        for (int row = 0; row < tensor.Inputs; row++)
        {
            Span<float> own = values.AsSpan(row * tensor.Outputs, tensor.Outputs);
            float[] reset = own[..width].ToArray();
            own.Slice(width, width).CopyTo(own);
            reset.CopyTo(own[width..]);
        }

        return values;
    }

    private static ParameterTensor Tensor(TrainedNet net, string name) => net.Layout.Tensors.Single(t => t.Name == name);

    private static ReadOnlySpan<float> Values(TrainedNet net, ParameterTensor tensor) =>
        net.Optimiser.Parameters.Span.Slice(tensor.Offset, tensor.Count);
}
