using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.Checkpoints;

/// <summary>
/// Parameter buffers as safetensors: PyTorch's names and its [outputs, inputs] order. Adam's moments have suffixes of PyTorch's too.
/// </summary>
internal static class ParameterFiles
{
    public const string MeanSuffix = ".exp_avg", SquareSuffix = ".exp_avg_sq";

    /// <param name="buffer">Laid out as <paramref name="layout"/> says.</param>
    public static IEnumerable<NamedTensor> Tensors(
        IReadOnlyList<ParameterTensor> layout, AlignedBuffer buffer, string prefix = "", string suffix = "")
    {
        foreach (ParameterTensor tensor in layout)
        {
            float[] values = new float[tensor.Count];
            Kernel.Transpose(values, buffer.Span.Slice(tensor.Offset, tensor.Count), tensor.Inputs, tensor.Outputs);
            yield return new NamedTensor(prefix + tensor.Name + suffix, Shape(tensor), values);
        }
    }

    /// <exception cref="InvalidInputException">There is no such tensor of this shape, or it has a value that is not finite.</exception>
    public static void Load(
        IReadOnlyDictionary<string, NamedTensor> tensors, ParameterTensor tensor, string name, AlignedBuffer buffer, string fileName)
    {
        if (!tensors.TryGetValue(name, out NamedTensor? stored) || !stored.Shape.SequenceEqual(Shape(tensor)))
        {
            throw new InvalidInputException($"{fileName}: expected tensor '{name}' of shape [{string.Join(", ", Shape(tensor))}]");
        }

        if (!stored.Values.All(float.IsFinite))
        {
            throw new InvalidInputException($"{fileName}: tensor '{name}' has a value that is no finite number");
        }

        Kernel.Transpose(buffer.Span.Slice(tensor.Offset, tensor.Count), stored.Values, tensor.Outputs, tensor.Inputs);
    }

    /// <exception cref="InvalidInputException">The metadata has no such number.</exception>
    public static long Number(IReadOnlyDictionary<string, string> metadata, string key, string fileName) =>
        long.TryParse(metadata.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new InvalidInputException($"{fileName}: expected the number '{key}' in the metadata");

    private static int[] Shape(ParameterTensor tensor) => tensor.IsBias ? [tensor.Outputs] : [tensor.Outputs, tensor.Inputs];
}
