using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Export;

/// <summary>
/// The policy of link agents as a file in ONNX: all exchanges of the whole team over its fixed topology, then the readouts.
/// </summary>
/// <remarks>
/// Input <c>observations</c> [batch, N, 2]: load and weight of every link as its agent's normaliser gives them, in the order of the
/// metadata entry <c>links</c>, one a line. Output <c>logits</c> [batch, deciders, choices]: SAMAROH N deciders with a choice for each
/// of <c>actions</c>; MAROH one with N·A choices, link by link.
/// </remarks>
public static class NetworkPolicyOnnx
{
    /// <exception cref="InvalidInputException">The policy attends instead of passing messages, which is not written.</exception>
    public static byte[] Write(NetworkModel model, PolicySnapshot policy)
    {
        if (!model.HasKernels)
        {
            throw new InvalidInputException(
                "network.agents.architecture is attention: expected message-passing, the only one that is exported");
        }

        NetworkLearningOptions options = model.Options;
        int links = model.LinkCount, state = options.HiddenState, actions = model.ActionCount;
        var graph = new OnnxGraph("akkalb-network-policy");
        string observations = graph.Input("observations", links, 2);
        string h = graph.Node("Pad", observations, graph.Constant("padding", [0L, 0, 0, 0, 0, state - 2], 6));
        Neighbours neighbours = Add(graph, model);
        var message = new Mlp(graph, model, policy, "actor.message", lastTanh: true);
        var update = new Mlp(graph, model, policy, "actor.update", lastTanh: true);
        for (int l = 0; l < model.MessageIterations; l++)
        {
            string sender = Gather(h, neighbours.Senders), receiver = Gather(h, neighbours.Receivers);
            string pairs = graph.Node("Concat", [sender, receiver], OnnxGraph.Number("axis", 2));
            string heard = Gather(message.Apply(pairs), neighbours.Heard);
            string max = graph.Node("Mul", Extreme("ReduceMax", heard), neighbours.Hears);
            string min = graph.Node("Mul", Extreme("ReduceMin", heard), neighbours.Hears);
            h = update.Apply(graph.Node("Concat", [h, max, min], OnnxGraph.Number("axis", 2)));
        }

        string logits = options.Readout == ReadoutMode.PerAgent
            ? OwnReadouts(graph, model, policy, h)
            : new Mlp(graph, model, policy, "actor.readout", lastTanh: false).Apply(h);
        if (options.Method == NetworkMethod.Maroh)
        {
            logits = graph.Node("Reshape", logits, graph.Constant("one-decider", [-1L, 1, links * actions], 3));
        }
        else if (options.Readout == ReadoutMode.Reference)
        {
            string scrambled = graph.Node("Reshape", logits, graph.Constant("reshaped", [-1L, actions, links], 3));
            logits = graph.Node("Transpose", [scrambled], OnnxGraph.Numbers("perm", 0, 2, 1));
        }

        graph.Output("logits", logits, model.Decisions.Deciders, model.Decisions.Choices);
        Topology topology = model.Topology;
        graph.Describe("links", string.Join(
            '\n', topology.Links.Select(link => $"{topology.Labels[link.From.Index]}>{topology.Labels[link.To.Index]}")));
        graph.Describe("actions", string.Join(' ', options.Actions.Select(a =>
            string.Create(CultureInfo.InvariantCulture, $"{a.Change.ToString().ToLowerInvariant()}:{a.Value}"))));
        graph.Describe("halve-steps-every", options.HalveStepsEvery.ToString(CultureInfo.InvariantCulture));
        graph.Describe("method", options.Method.ToString().ToLowerInvariant());
        graph.Describe("policy-version", policy.Version.ToString(CultureInfo.InvariantCulture));
        return graph.Build();

        string Gather(string values, string indices) => graph.Node("Gather", [values, indices], OnnxGraph.Number("axis", 1));

        string Extreme(string operation, string heard) =>
            graph.Node(operation, [heard], OnnxGraph.Numbers("axes", 2), OnnxGraph.Number("keepdims", 0));
    }

    /// <summary>
    /// Pairs of sender and receiver in the order of receivers; a link that hears less than others hears its first one again.
    /// </summary>
    private static Neighbours Add(OnnxGraph graph, NetworkModel model)
    {
        List<long> senders = [], receivers = [], heard = [];
        float[] hears = new float[model.LinkCount];
        for (int link = 0; link < model.LinkCount; link++)
        {
            int first = senders.Count;
            foreach (int sender in model.Predecessors(link))
            {
                senders.Add(sender);
                receivers.Add(link);
            }

            int own = senders.Count - first;
            hears[link] = own > 0 ? 1 : 0;
            for (int i = 0; i < model.MaxPredecessors; i++)
            {
                heard.Add(own == 0 ? 0 : i < own ? first + i : first);
            }
        }

        return new Neighbours(
            graph.Constant("senders", [.. senders], senders.Count), graph.Constant("receivers", [.. receivers], receivers.Count),
            graph.Constant("heard", [.. heard], model.LinkCount, model.MaxPredecessors),
            graph.Constant("hears", hears, 1, model.LinkCount, 1));
    }

    /// <summary>Every link's own readout: products of [N, batch, inputs] with [N, inputs, outputs].</summary>
    private static string OwnReadouts(OnnxGraph graph, NetworkModel model, PolicySnapshot policy, string h)
    {
        string x = graph.Node("Transpose", [h], OnnxGraph.Numbers("perm", 1, 0, 2));
        for (int layer = 0; layer < 6; layer += 2)
        {
            ParameterTensor[] weights = [.. Of("weight")], biases = [.. Of("bias")];
            string weight = graph.Constant(
                $"actor.readout.*.{layer}.weight", Together(weights), model.LinkCount, weights[0].Inputs, weights[0].Outputs);
            string bias = graph.Constant($"actor.readout.*.{layer}.bias", Together(biases), model.LinkCount, 1, biases[0].Outputs);
            x = graph.Node("Add", graph.Node("MatMul", x, weight), bias);
            x = layer < 4 ? graph.Node("Tanh", x) : x;

            IEnumerable<ParameterTensor> Of(string kind) => Enumerable.Range(0, model.LinkCount)
                .Select(link => model.Parameters.Single(t => t.Name == $"actor.readout.{link}.{layer}.{kind}"));
        }

        return graph.Node("Transpose", [x], OnnxGraph.Numbers("perm", 1, 0, 2));

        float[] Together(ParameterTensor[] tensors) => [.. tensors.SelectMany(tensor => policy.Values(tensor).ToArray())];
    }

    /// <summary>Names of constants.</summary>
    private readonly record struct Neighbours(string Senders, string Receivers, string Heard, string Hears);

    /// <summary>A chain of layers with tanh between them; its constants are shared by all its uses.</summary>
    private sealed class Mlp
    {
        private readonly OnnxGraph _graph;
        private readonly (string Weight, string Bias)[] _layers;
        private readonly bool _lastTanh;

        public Mlp(OnnxGraph graph, NetworkModel model, PolicySnapshot policy, string name, bool lastTanh)
        {
            (_graph, _lastTanh) = (graph, lastTanh);
            ParameterTensor[] tensors = [.. model.Parameters.Where(t => t.Name.StartsWith($"{name}.", StringComparison.Ordinal))];
            _layers = [.. tensors.Where(t => !t.IsBias).Zip(tensors.Where(t => t.IsBias), (weight, bias) => (
                graph.Constant(weight.Name, policy.Values(weight), weight.Inputs, weight.Outputs),
                graph.Constant(bias.Name, policy.Values(bias), bias.Outputs)))];
        }

        public string Apply(string x)
        {
            for (int i = 0; i < _layers.Length; i++)
            {
                x = _graph.Node("Add", _graph.Node("MatMul", x, _layers[i].Weight), _layers[i].Bias);
                x = i < _layers.Length - 1 || _lastTanh ? _graph.Node("Tanh", x) : x;
            }

            return x;
        }
    }
}
