using AkkaLb.Domain.Network;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Tests.Kernels;
using AkkaLb.Learning.Torch.Network;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AkkaLb.Learning.Torch.Tests;

public class TorchNetTests : TorchTest
{
    [SkippableFact]
    public void Step_SameGradients_MovesAsTheNativeOptimiser()
    {
        (NetworkModel model, AdamOptimiser native, AdamGroup[] groups) = Optimiser();
        var module = new SamarohNet(model, CPU);
        var net = new TorchNet(module, model.Parameters, TorchTarget.Processor);
        net.Load(native);
        for (int step = 0; step < 5; step++)
        {
            AlignedBuffer gradient = Clean(model, Numbers.Gaussian(model.Layout.Length, $"gradient {step}", step == 3 ? 1e-4 : 0.1));
            SetGradients(module, model, gradient);
            double torchNorm = net.Step(groups, 0.9, 0.999, 1e-5, 1, 0.8), nativeNorm = native.Step([gradient], 1, 0.8);
            torchNorm.ShouldBe(nativeNorm, 1e-5 * nativeNorm);
        }

        AdamOptimiser copy = Optimiser().Native;
        net.Store(copy);
        copy.Steps.ShouldBe(5);
        foreach ((AlignedBuffer actual, AlignedBuffer expected, double tolerance) in
            new[] { (copy.Parameters, native.Parameters, 1e-6), (copy.Mean, native.Mean, 1e-6), (copy.Square, native.Square, 1e-6) })
        {
            for (int i = 0; i < actual.Length; i++)
            {
                ((double)actual.Span[i]).ShouldBe(expected.Span[i], tolerance);
            }
        }
    }

    [SkippableFact]
    public void Store_AfterLoad_GivesTheSameBits()
    {
        (NetworkModel model, AdamOptimiser native, _) = Optimiser();
        native.Step([Clean(model, Numbers.Gaussian(model.Layout.Length, "gradient"))], 1);
        var net = new TorchNet(new SamarohNet(model, CPU), model.Parameters, TorchTarget.Processor);
        net.Load(native);
        AdamOptimiser copy = Optimiser().Native;
        net.Store(copy);
        copy.Parameters.ShouldBeSameBits(native.Parameters, "parameters");
        copy.Mean.ShouldBeSameBits(native.Mean, "mean");
        copy.Square.ShouldBeSameBits(native.Square, "square");
    }

    private static (NetworkModel Model, AdamOptimiser Native, AdamGroup[] Groups) Optimiser()
    {
        var model = new NetworkModel(new NetworkLearningOptions { WideLayer = 20, NarrowLayer = 9 }, TopologyLibrary.Get("4-node"));
        AdamGroup[] groups = [new AdamGroup(0, model.ActorTensors, 1e-3), new AdamGroup(model.ActorTensors, model.Parameters.Count, 3e-3)];
        var optimiser = new AdamOptimiser(model.Layout, Kernel.Best, new WorkerTeam(1), groups, 0.9, 0.999, 1e-5);
        model.Layout.Initialise(optimiser.Parameters.Span, 3);
        optimiser.ParametersChanged();
        return (model, optimiser, groups);
    }

    /// <summary>The gaps between tensors have no gradient.</summary>
    private static AlignedBuffer Clean(NetworkModel model, AlignedBuffer gradient)
    {
        var clean = new AlignedBuffer(gradient.Length);
        foreach (ParameterTensor tensor in model.Parameters)
        {
            gradient.Span.Slice(tensor.Offset, tensor.Count).CopyTo(clean.Span[tensor.Offset..]);
        }

        return clean;
    }

    private static void SetGradients(nn.Module module, NetworkModel model, AlignedBuffer gradient)
    {
        Dictionary<string, Parameter> named = module.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        foreach (ParameterTensor layout in model.Parameters)
        {
            Tensor own = tensor(gradient.Span.Slice(layout.Offset, layout.Count).ToArray());
            named[layout.Name].grad = layout.IsBias ? own : own.view(layout.Inputs, layout.Outputs).t().contiguous();
        }
    }
}
