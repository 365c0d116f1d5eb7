using TorchSharp;
using static TorchSharp.torch;

namespace AkkaLb.Learning.Torch;

/// <summary>Where tensors live and in what precision: float32 on a device, float64 in tests that want an exact gradient.</summary>
internal sealed record TorchTarget(Device Device, ScalarType Type = ScalarType.Float32)
{
    public static TorchTarget Processor { get; } = new(CPU);

    /// <summary>A copy of the values in row-major order.</summary>
    public Tensor Of(ReadOnlySpan<float> values, params long[] shape) => tensor(values.ToArray(), shape).to(Type, Device);

    /// <inheritdoc cref="Of(ReadOnlySpan{float}, long[])"/>
    public Tensor Of(ReadOnlySpan<double> values, params long[] shape) => tensor(values.ToArray(), shape).to(Type, Device);

    /// <summary>Indices for gathering.</summary>
    public Tensor Of(ReadOnlySpan<int> values, params long[] shape)
    {
        long[] wide = new long[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }

        return tensor(wide, shape).to(Device);
    }

    /// <summary>Numbers of one-element tensors, fetched in one go.</summary>
    public static double[] Numbers(params Tensor[] scalars) =>
        stack([.. scalars.Select(s => s.detach().to(ScalarType.Float64))]).cpu().data<double>().ToArray();
}
