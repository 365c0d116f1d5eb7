using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace AkkaLb.Learning.Torch.Tests;

/// <summary>
/// Tests that need libtorch: <c>eng/torch dotnet test tests/AkkaLb.Learning.Torch.Tests</c>. Without AKKALB_LIBTORCH they are skipped, with
/// it a library that cannot be loaded is a failure.
/// </summary>
public abstract class TorchTest
{
    /// <summary>Forward values in float32.</summary>
    protected const double ValueTolerance = 1e-5;

    /// <summary>Of a tensor's gradient, as a share of its largest element; the oracle computes in float64.</summary>
    protected const double GradientTolerance = 1e-4;

    protected TorchTest()
    {
        bool absent = string.IsNullOrEmpty(Environment.GetEnvironmentVariable(TorchLibrary.Variable));
        Skip.If(absent, "no libtorch: run the tests through eng/torch");
        TorchLibrary.Problem.ShouldBeNull();
    }

    private protected static TorchTarget Exact { get; } = new(CPU, ScalarType.Float64);

    /// <summary>Every tensor of a gradient against the oracle's; returns how many had a gradient at all.</summary>
    private protected static int ShouldAgree(
        IReadOnlyList<ParameterTensor> layout, AlignedBuffer actual, AlignedBuffer expected, string what)
    {
        int moving = 0;
        foreach (ParameterTensor tensor in layout)
        {
            ReadOnlySpan<float> a = actual.Span.Slice(tensor.Offset, tensor.Count), e = expected.Span.Slice(tensor.Offset, tensor.Count);
            double largest = 0, apart = 0;
            for (int i = 0; i < tensor.Count; i++)
            {
                largest = Math.Max(largest, Math.Abs(e[i]));
                apart = Math.Max(apart, Math.Abs(a[i] - e[i]));
            }

            // What is zero but for the rounding of sums has nothing to be relative to.
            apart.ShouldBeLessThanOrEqualTo(GradientTolerance * Math.Max(largest, 1e-3), $"{what}: {tensor.Name}, largest {largest}");
            moving += largest > 1e-6 ? 1 : 0;
        }

        return moving;
    }
}
