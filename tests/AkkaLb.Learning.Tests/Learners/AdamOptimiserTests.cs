using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Tests.Kernels;

namespace AkkaLb.Learning.Tests.Learners;

public unsafe class AdamOptimiserTests
{
    [Theory]
    [InlineData(1e9, 1, 1)]
    [InlineData(0.5, 0.25, 2)]
    public void Step_PartialGradientsAndRates_MatchTheFormula(double maxNorm, double rateShare, int threads)
    {
        ParameterLayout layout = Layout();
        using var team = new WorkerTeam(threads);
        var adam = new AdamOptimiser(layout, Kernel.Best, team, [new AdamGroup(0, 2, 1e-2), new AdamGroup(2, 4, 1e-3)], 0.9, 0.999, 1e-5);
        layout.Initialise(adam.Parameters.Span, 1);
        adam.ParametersChanged();
        float[] before = adam.Parameters.Span.ToArray();
        AlignedBuffer[] gradients = [.. Enumerable.Range(0, 3).Select(i => Numbers.Gaussian(layout.Length, $"part {i}"))];
        double[] sum = [.. Enumerable.Range(0, layout.Length).Select(i => gradients.Sum(g => (double)g.Span[i]))];

        double norm = adam.Step(gradients, maxNorm, rateShare);

        double expectedNorm = Math.Sqrt(sum.Sum(g => g * g)), scale = Math.Min(1, maxNorm / expectedNorm);
        norm.ShouldBe(expectedNorm, 1e-5 * expectedNorm);
        for (int t = 0; t < layout.Tensors.Count; t++)
        {
            ParameterTensor tensor = layout.Tensors[t];
            for (int i = tensor.Offset; i < tensor.Offset + tensor.Count; i++)
            {
                double g = scale * sum[i], rate = rateShare * (t < 2 ? 1e-2 : 1e-3) * Math.Sqrt(0.001) / 0.1;
                double expected = before[i] - rate * 0.1 * g / (Math.Sqrt(0.001) * Math.Abs(g) + 1e-5);
                ((double)adam.Parameters.Span[i]).ShouldBe(expected, 1e-6, $"{tensor.Name}[{i - tensor.Offset}]");
            }
        }

        ParameterTensor weight = layout.Tensors[0];
        adam.Transposed[weight.Offset + 1].ShouldBe(adam.Parameters.Span[weight.Offset + weight.Outputs]);
    }

    [Fact]
    public void ReturnToMark_BringsBackParametersMomentsAndSteps()
    {
        ParameterLayout layout = Layout();
        using var team = new WorkerTeam(1);
        var adam = new AdamOptimiser(layout, Kernel.Best, team, [new AdamGroup(0, 4, 1e-2)], 0.9, 0.999, 1e-5);
        layout.Initialise(adam.Parameters.Span, 1);
        adam.Step([Numbers.Gaussian(layout.Length, "a"), new AlignedBuffer(layout.Length)], 1);
        adam.Mark();
        AlignedBuffer[] marked = [Numbers.Copy(adam.Parameters), Numbers.Copy(adam.Mean), Numbers.Copy(adam.Square)];
        adam.Step([Numbers.Gaussian(layout.Length, "b"), new AlignedBuffer(layout.Length)], 1);
        Numbers.SameBits(adam.Parameters.Span, marked[0].Span).ShouldBeFalse();
        adam.ReturnToMark();
        adam.Steps.ShouldBe(1);
        adam.Parameters.ShouldBeSameBits(marked[0], "parameters");
        adam.Mean.ShouldBeSameBits(marked[1], "mean");
        adam.Square.ShouldBeSameBits(marked[2], "square");
    }

    private static ParameterLayout Layout()
    {
        var layout = new ParameterLayout();
        layout.AddDense("first", 5, 7, 1);
        layout.AddDense("second", 7, 3, 1);
        return layout;
    }
}
