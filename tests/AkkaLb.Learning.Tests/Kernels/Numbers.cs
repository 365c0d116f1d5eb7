using System.Runtime.InteropServices;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Tests.Kernels;

internal static class Numbers
{
    public static readonly Kernel[] AllKernels = [Kernel.Scalar, Kernel.Width256, Kernel.Width512];

    /// <summary>Gaussian numbers from a stream of their own.</summary>
    public static AlignedBuffer Gaussian(int count, string name, double scale = 1)
    {
        var buffer = new AlignedBuffer(count);
        var random = new RandomStream(42, name);
        foreach (ref float value in buffer.Span)
        {
            value = (float)(scale * random.NextGaussian());
        }

        return buffer;
    }

    public static AlignedBuffer Copy(AlignedBuffer source)
    {
        var copy = new AlignedBuffer(source.Length);
        source.Span.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>Same bits, NaN and signs of zero included.</summary>
    public static bool SameBits(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    public static void ShouldBeSameBits(this AlignedBuffer actual, AlignedBuffer expected, string what) =>
        SameBits(actual.Span, expected.Span).ShouldBeTrue(what);
}
