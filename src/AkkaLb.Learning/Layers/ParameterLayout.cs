using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Layers;

/// <summary>A named tensor inside a flat parameter buffer.</summary>
/// <param name="Name">PyTorch's name, for example <c>actor.update.2.weight</c>.</param>
/// <param name="Offset">Position of the first value in the buffer, in floats.</param>
/// <param name="Inputs">Rows of a weight, stored [inputs, outputs] row-major; 1 for a bias.</param>
/// <param name="Outputs">Columns of a weight; length of a bias.</param>
public sealed record ParameterTensor(string Name, int Offset, int Inputs, int Outputs)
{
    public int Count => Inputs * Outputs;

    public bool IsBias => Name.AsSpan(Name.LastIndexOf('.') + 1).StartsWith("bias", StringComparison.Ordinal);
}

/// <summary>
/// Lays named tensors out in one flat buffer, each at a cache line's start. The gaps stay zero: their gradient is zero.
/// </summary>
internal sealed class ParameterLayout
{
    private readonly List<ParameterTensor> _tensors = [];
    private readonly List<double> _gains = [];

    public IReadOnlyList<ParameterTensor> Tensors => _tensors;

    /// <summary>Length of the buffer in floats, gaps included.</summary>
    public int Length { get; private set; }

    /// <summary>A fully connected layer with an orthogonal start of the given gain and zero bias.</summary>
    public Dense AddDense(string name, int inputs, int outputs, double gain) =>
        new(Add($"{name}.weight", inputs, outputs, gain), Add($"{name}.bias", 1, outputs, 0), inputs, outputs);

    /// <summary>
    /// A chain of layers, tanh or ReLU between them, numbered 0, 2, 4 … as in a PyTorch Sequential where an activation takes a number too.
    /// </summary>
    /// <param name="widths">Input width, then the output width of every layer.</param>
    /// <param name="lastGain">Gain of the last layer; the others have √2.</param>
    public Mlp AddMlp(string name, ReadOnlySpan<int> widths, double lastGain, bool lastTanh, bool relu = false)
    {
        var layers = new Dense[widths.Length - 1];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = AddDense($"{name}.{2 * i}", widths[i], widths[i + 1], i == layers.Length - 1 ? lastGain : Math.Sqrt(2));
        }

        return new Mlp(layers, lastTanh, relu);
    }

    /// <summary>
    /// A gated recurrent unit with PyTorch's names and gate order (reset, update, new). The gain √3 gives each gate's block the size of an
    /// orthogonal matrix of its own.
    /// </summary>
    public Gru AddGru(string name, int inputs, int width) => new(
        new Dense(
            Add($"{name}.weight_ih_l0", inputs, 3 * width, Math.Sqrt(3)), Add($"{name}.bias_ih_l0", 1, 3 * width, 0), inputs, 3 * width),
        new Dense(
            Add($"{name}.weight_hh_l0", width, 3 * width, Math.Sqrt(3)), Add($"{name}.bias_hh_l0", 1, 3 * width, 0), width, 3 * width));

    /// <summary>Fills a buffer: every weight orthogonal from its own stream <c>initialisation/NAME</c>, biases zero.</summary>
    public void Initialise(Span<float> parameters, ulong seed) => Initialise(parameters, "", seed);

    /// <summary>The same for one of several nets of this layout, from the streams <c>OWNER/initialisation/NAME</c>.</summary>
    public void Initialise(Span<float> parameters, string owner, ulong seed)
    {
        parameters.Clear();
        for (int i = 0; i < _tensors.Count; i++)
        {
            ParameterTensor tensor = _tensors[i];
            if (!tensor.IsBias)
            {
                OrthogonalInitialiser.Fill(
                    parameters.Slice(tensor.Offset, tensor.Count), tensor.Inputs, tensor.Outputs, _gains[i],
                    new Domain.Randomness.RandomStream(seed, $"{(owner.Length > 0 ? $"{owner}/" : "")}initialisation/{tensor.Name}"));
            }
        }
    }

    /// <summary>Writes the transpose of every weight to the same place of another buffer, tensors [from, to).</summary>
    public unsafe void Transpose(float* target, float* parameters, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            ParameterTensor tensor = _tensors[i];
            if (!tensor.IsBias)
            {
                Kernel.Transpose(target + tensor.Offset, parameters + tensor.Offset, tensor.Inputs, tensor.Outputs);
            }
        }
    }

    private int Add(string name, int inputs, int outputs, double gain)
    {
        int offset = Length;
        _tensors.Add(new ParameterTensor(name, offset, inputs, outputs));
        _gains.Add(gain);
        Length = AlignedBuffer.Align(offset + inputs * outputs);
        return offset;
    }
}
