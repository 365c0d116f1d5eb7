using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Tests.Kernels;

namespace AkkaLb.Learning.Tests.Layers;

public unsafe class RecurrentPassTests
{
    private const int Steps = 6, Batch = 3, First = 2;

    /// <summary>The third sequence starts with the first step that is learnt from.</summary>
    private static readonly int[] Starts = [0, 1, First];

    [Theory]
    [InlineData(5, 7, 3, 1)]
    [InlineData(9, 16, 21, 31)]
    [InlineData(40, 37, 4, 97)]
    public void BackPropagationThroughTime_EveryParameter_MatchesFiniteDifferences(int inputs, int width, int outputs, int stride)
    {
        var layout = new ParameterLayout();
        var net = new RecurrentNet(layout, "net", inputs, width, outputs, lastGain: 1);
        AlignedBuffer parameters = Numbers.Gaussian(layout.Length, "parameters", 1.2 / Math.Sqrt(width));
        AlignedBuffer x = Numbers.Gaussian(Steps * Batch * inputs, "inputs"), weights = Numbers.Gaussian(Steps * Batch * outputs, "loss");
        double[] exact = [.. parameters.Span.ToArray().Select(v => (double)v)];
        AlignedBuffer? best = null;
        foreach (Kernel kernel in Numbers.AllKernels)
        {
            AlignedBuffer gradient = Gradient(net, layout, kernel, parameters, x, weights, out AlignedBuffer output);
            double[] expectedOutput = [.. Outputs(net, exact, x).SelectMany(row => row)];
            for (int i = First * Batch * outputs; i < expectedOutput.Length; i++)
            {
                ((double)output.Span[i]).ShouldBe(expectedOutput[i], 2e-5);
            }

            best ??= gradient;
            gradient.ShouldBeSameBits(best, kernel.GetType().Name);
        }

        int position = 0;
        foreach (ParameterTensor tensor in layout.Tensors)
        {
            for (int i = tensor.Offset; i < tensor.Offset + tensor.Count; i++)
            {
                if (position++ % stride != 0)
                {
                    continue;
                }

                const double h = 1e-6;
                double value = exact[i];
                exact[i] = value + h;
                double above = Loss(net, exact, parameters, x, weights);
                exact[i] = value - h;
                double below = Loss(net, exact, parameters, x, weights);
                exact[i] = value;
                double expected = (above - below) / (2 * h);
                ((double)best!.Span[i]).ShouldBe(expected, 5e-5 * (1 + Math.Abs(expected)), $"{tensor.Name}[{i - tensor.Offset}]");
            }
        }
    }

    [Fact]
    public void Forward_StepByStep_GivesTheBitsOfTheWholeSequence()
    {
        var layout = new ParameterLayout();
        var net = new RecurrentNet(layout, "net", 9, 20, 5, lastGain: 1);
        AlignedBuffer parameters = Numbers.Gaussian(layout.Length, "parameters", 0.3), x = Numbers.Gaussian(Steps * Batch * 9, "inputs");
        var whole = new RecurrentPass(net, Kernel.Best, Steps * Batch, Batch, training: false);
        whole.Forward(parameters.Pointer, x.Pointer, Steps, Batch, 0, []);
        var single = new RecurrentPass(net, Kernel.Best, 1, 1, training: false);
        for (int t = 0; t < Steps; t++)
        {
            single.Forward(parameters.Pointer, x.Pointer + (t * Batch + 1) * 9, 1, 1, 0, []);
            single.StatesAfter(0).CopyTo(single.InitialStates(1));
            var expected = new Span<float>(whole.Output + (t * Batch + 1) * 5, 5);
            Numbers.SameBits(new Span<float>(single.Output, 5), expected).ShouldBeTrue($"step {t}");
        }
    }

    [Fact]
    public void Gru_NamesAndOrder_ArePyTorchs()
    {
        var layout = new ParameterLayout();
        layout.AddGru("actor.gru", 5, 4);
        layout.Tensors.Select(t => (t.Name, t.Inputs, t.Outputs, t.IsBias)).ShouldBe(
        [
            ("actor.gru.weight_ih_l0", 5, 12, false), ("actor.gru.bias_ih_l0", 1, 12, true),
            ("actor.gru.weight_hh_l0", 4, 12, false), ("actor.gru.bias_hh_l0", 1, 12, true),
        ]);
    }

    private static AlignedBuffer Gradient(
        RecurrentNet net, ParameterLayout layout, Kernel kernel, AlignedBuffer parameters, AlignedBuffer x, AlignedBuffer weights,
        out AlignedBuffer output)
    {
        var pass = new RecurrentPass(net, kernel, Steps * Batch, Batch, training: true);
        var transposed = new AlignedBuffer(layout.Length);
        layout.Transpose(transposed.Pointer, parameters.Pointer, 0, layout.Tensors.Count);
        var gradient = new AlignedBuffer(layout.Length);
        pass.Forward(parameters.Pointer, x.Pointer, Steps, Batch, First, Starts);
        output = new AlignedBuffer(Steps * Batch * net.Outputs);
        new Span<float>(pass.Output, output.Length).CopyTo(output.Span);
        weights.Span.CopyTo(new Span<float>(pass.OutputGradient, weights.Length));
        // The last step is not learnt from.
        pass.Backward(transposed.Pointer, gradient.Pointer, First, Steps - 1);
        return gradient;
    }

    /// <summary>Σ weight·output over the steps [First, Steps − 1), the state before them computed with unchanged parameters.</summary>
    private static double Loss(RecurrentNet net, double[] moved, AlignedBuffer parameters, AlignedBuffer x, AlignedBuffer weights)
    {
        double[] given = [.. parameters.Span.ToArray().Select(v => (double)v)];
        double loss = 0;
        for (int b = 0; b < Batch; b++)
        {
            var reference = new ReferenceRecurrentNet(net);
            double[] state = reference.StateBefore(given, Sequence(net, x, b), Starts[b], First);
            double[][] outputs = reference.Run(moved, Sequence(net, x, b)[First..], state, -1);
            for (int t = First; t < Steps - 1; t++)
            {
                for (int k = 0; k < net.Outputs; k++)
                {
                    loss += weights.Span[(t * Batch + b) * net.Outputs + k] * outputs[t - First][k];
                }
            }
        }

        return loss;
    }

    private static double[][] Outputs(RecurrentNet net, double[] parameters, AlignedBuffer x)
    {
        double[][][] all = [.. Enumerable.Range(0, Batch).Select(b =>
            new ReferenceRecurrentNet(net).Run(parameters, Sequence(net, x, b), new double[net.Width], Starts[b]))];
        return [.. from t in Enumerable.Range(0, Steps) from b in Enumerable.Range(0, Batch) select all[b][t]];
    }

    private static double[][] Sequence(RecurrentNet net, AlignedBuffer x, int b) =>
        [.. Enumerable.Range(0, Steps).Select(
            t => x.Span.Slice((t * Batch + b) * net.Inputs, net.Inputs).ToArray().Select(v => (double)v).ToArray())];
}
