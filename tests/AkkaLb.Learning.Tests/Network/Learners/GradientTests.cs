using AkkaLb.Domain.Network;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Tests.Kernels;

namespace AkkaLb.Learning.Tests.Network.Learners;

public unsafe class GradientTests
{
    /// <summary>Small widths that do not fill vectors, so that every kind of parameter can be checked.</summary>
    private static readonly NetworkLearningOptions Small = new()
    {
        Horizons = 4, MinibatchSize = 9, MessageIterations = 3, HiddenState = 5, WideLayer = 7, NarrowLayer = 6,
        EntropyCoefficient = 0.1, RewardScale = 1,
    };

    public static TheoryData<NetworkMethod, ReadoutMode, string> Cases => new()
    {
        { NetworkMethod.Samaroh, ReadoutMode.PerAgent, "4-node" },
        { NetworkMethod.Samaroh, ReadoutMode.Shared, "source" },
        { NetworkMethod.Samaroh, ReadoutMode.Reference, "4-node" },
        { NetworkMethod.Maroh, ReadoutMode.PerAgent, "source" },
        { NetworkMethod.Maroh, ReadoutMode.Shared, "4-node" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Minibatch_WholeLoss_GradientMatchesFiniteDifferences(NetworkMethod method, ReadoutMode readout, string topology)
    {
        var model = new NetworkModel(Small with { Method = method, Readout = readout }, Topology(topology));
        foreach (Kernel kernel in Numbers.AllKernels)
        {
            Check(model, kernel, kernel == Kernel.Best ? 5 : 17);
        }
    }

    [Fact]
    public void Minibatch_PublishedWidths_GradientMatchesFiniteDifferences() =>
        Check(new NetworkModel(new NetworkLearningOptions { Horizons = 2, MinibatchSize = 3, RewardScale = 1 },
            TopologyLibrary.Get("4-node")), Kernel.Best, 2503);

    private static Topology Topology(string name) => name == "source" ? Episodes.WithSource() : TopologyLibrary.Get(name);

    /// <summary>Compares every <paramref name="stride"/>-th parameter.</summary>
    private static void Check(NetworkModel model, Kernel kernel, int stride)
    {
        using var learner = new PpoLearner(model, 3, 1, kernel);
        // Away from the start, where biases are zero and logits almost are.
        AlignedBuffer noise = Numbers.Gaussian(model.Layout.Length, "noise", 0.15);
        foreach (ParameterTensor tensor in model.Parameters)
        {
            for (int i = tensor.Offset; i < tensor.Offset + tensor.Count; i++)
            {
                learner.Optimiser.Parameters.Span[i] += noise.Span[i];
            }
        }

        learner.Optimiser.ParametersChanged();
        learner.Load([.. Enumerable.Range(0, 3).Select(number => Episodes.MadeUp(model, number))]);
        TransitionBatch transitions = learner.Transitions;
        int count = Math.Min(model.Options.MinibatchSize, transitions.Count);
        PpoSums sums = learner.Minibatch.Compute(learner.Team, transitions, 0, count);
        sums.Clipped.ShouldBeGreaterThan(0);
        sums.Clipped.ShouldBeLessThan(sums.Decisions);

        double[] parameters = [.. learner.Optimiser.Parameters.Span.ToArray().Select(x => (double)x)];
        var reference = new ReferenceNetwork(model, parameters);
        var batch = transitions.Order.Take(count).Select(t =>
            (transitions.Locate(t, out int step), step, transitions.Advantages[t], transitions.Returns[t])).ToArray();
        int position = 0, compared = 0;
        foreach (ParameterTensor tensor in model.Parameters)
        {
            for (int i = tensor.Offset; i < tensor.Offset + tensor.Count; i++)
            {
                if (position++ % stride != 0)
                {
                    continue;
                }

                const double h = 1e-6;
                double value = parameters[i];
                parameters[i] = value + h;
                double above = reference.Loss(batch);
                parameters[i] = value - h;
                double below = reference.Loss(batch);
                parameters[i] = value;
                double expected = (above - below) / (2 * h);
                double actual = learner.Minibatch.Gradients.Sum(gradient => (double)gradient.Span[i]);
                actual.ShouldBe(expected, 2e-5 * (1 + Math.Abs(expected)), $"{tensor.Name}[{i - tensor.Offset}]");
                compared++;
            }
        }

        compared.ShouldBeGreaterThan(20);
        double loss = sums.Policy / sums.Decisions - model.Options.EntropyCoefficient * sums.Entropy / sums.Decisions
            + model.Options.CriticCoefficient * sums.Critic / sums.Samples;
        loss.ShouldBe(reference.Loss(batch), 1e-5);
    }
}
