using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Learners;
using TorchSharp;
using TorchSharp.Modules;
using static AkkaLb.Learning.Torch.Scalars;
using static TorchSharp.torch;

namespace AkkaLb.Learning.Torch;

/// <summary>
/// A module with its optimiser. Parameters go in and out by their names in checkpoints; all of them together are one vector here, in the
/// order of the checkpoint, so that a step of Adam is a handful of operations.
/// </summary>
/// <remarks>Adam adds ε to the uncorrected root, as <see cref="AdamOptimiser"/> does, so it is not <c>torch.optim.Adam</c>.</remarks>
internal sealed class TorchNet : IDisposable
{
    private readonly nn.Module _module;
    private readonly IReadOnlyList<ParameterTensor> _layout;
    private readonly Parameter[] _parameters;
    private readonly Tensor _flat, _mean, _square;
    private readonly float[] _host;
    private readonly TorchTarget _target;
    private long _steps;

    /// <exception cref="InvalidOperationException">The module's parameters are not those of the layout, by name and shape.</exception>
    public TorchNet(nn.Module module, IReadOnlyList<ParameterTensor> layout, TorchTarget target)
    {
        (_module, _layout, _target) = (module, layout, target);
        module.to(target.Type).to(target.Device);
        Dictionary<string, Parameter> named = module.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        if (named.Count != layout.Count)
        {
            throw new InvalidOperationException($"{named.Count} parameters, expected {layout.Count}");
        }

        _parameters = [.. layout.Select(tensor =>
            named.TryGetValue(tensor.Name, out Parameter? parameter) && parameter.shape.SequenceEqual(Shape(tensor))
            ? parameter
            : throw new InvalidOperationException($"expected a parameter {tensor.Name} of shape [{string.Join(", ", Shape(tensor))}]"))];
        _host = new float[layout.Sum(tensor => tensor.Count)];
        _flat = zeros(_host.Length, target.Type, target.Device);
        _mean = zeros_like(_flat);
        _square = zeros_like(_flat);
    }

    /// <summary>Takes parameters, moments and steps.</summary>
    public void Load(AdamOptimiser optimiser)
    {
        Read(optimiser.Parameters, _flat);
        Read(optimiser.Mean, _mean);
        Read(optimiser.Square, _square);
        _steps = optimiser.Steps;
        FlatChanged();
    }

    /// <summary>Takes parameters only, from a buffer of the layout.</summary>
    public void Load(ReadOnlySpan<float> parameters)
    {
        Read(parameters, _flat);
        FlatChanged();
    }

    /// <inheritdoc cref="Load(ReadOnlySpan{float})"/>
    public void Load(AlignedBuffer parameters) => Load(parameters.Span);

    /// <summary>Gives parameters, moments and steps back.</summary>
    public void Store(AdamOptimiser optimiser)
    {
        Write(_flat, optimiser.Parameters);
        Write(_mean, optimiser.Mean);
        Write(_square, optimiser.Square);
        optimiser.Steps = _steps;
        optimiser.ParametersChanged();
    }

    public void Store(AlignedBuffer parameters) => Write(_flat, parameters);

    /// <summary>The gradients that backward() has left, in the layout of a buffer; zero where there is none.</summary>
    public void StoreGradients(AlignedBuffer gradients) => Write(Gradient(), gradients);

    public void ZeroGradients() => _module.zero_grad();

    /// <summary>One step with the gradients that backward() has left.</summary>
    /// <param name="groups">Runs of tensors of the layout with their learning rates.</param>
    /// <returns>The gradient's norm before clipping to <paramref name="maxNorm"/>.</returns>
    public double Step(AdamGroup[] groups, double beta1, double beta2, double epsilon, double maxNorm, double rateShare)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        Tensor gradient = Gradient();
        double norm = gradient.norm().to(ScalarType.Float64).item<double>();
        _steps++;
        double correction1 = 1 - Math.Pow(beta1, _steps), correction2 = 1 - Math.Pow(beta2, _steps);
        gradient.mul_(Number(maxNorm / Math.Max(norm, maxNorm)));
        _mean.mul_(Number(beta1)).add_(gradient, alpha: Number(1 - beta1));
        _square.mul_(Number(beta2)).addcmul_(gradient, gradient, Number(1 - beta2));
        Tensor direction = _mean / (_square.sqrt() + Number(epsilon));
        int first = 0, offset = 0;
        foreach (AdamGroup group in groups)
        {
            int count = _layout.Skip(first).Take(group.EndTensor - first).Sum(tensor => tensor.Count);
            double rate = rateShare * group.LearningRate * Math.Sqrt(correction2) / correction1;
            _flat.narrow(0, offset, count).add_(direction.narrow(0, offset, count), alpha: Number(-rate));
            (first, offset) = (group.EndTensor, offset + count);
        }

        FlatChanged();
        return norm;
    }

    /// <summary>Goes a share of the way to another net of the same layout.</summary>
    public void Approach(TorchNet other, double share)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        _flat.add_(other._flat - _flat, alpha: Number(share));
        FlatChanged();
    }

    public void Dispose()
    {
        _module.Dispose();
        _flat.Dispose();
        _mean.Dispose();
        _square.Dispose();
    }

    private static long[] Shape(ParameterTensor tensor) => tensor.IsBias ? [tensor.Outputs] : [tensor.Outputs, tensor.Inputs];

    private Tensor Gradient() => cat([.. _parameters.Select(p => (p.grad ?? zeros_like(p)).reshape(-1))]);

    /// <summary>Copies the vector into the module's parameters.</summary>
    private void FlatChanged()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        long offset = 0;
        foreach (Parameter parameter in _parameters)
        {
            long count = parameter.NumberOfElements;
            parameter.copy_(_flat.narrow(0, offset, count).view(parameter.shape));
            offset += count;
        }
    }

    private void Read(AlignedBuffer buffer, Tensor flat) => Read(buffer.Span, flat);

    private void Read(ReadOnlySpan<float> buffer, Tensor flat)
    {
        int offset = 0;
        foreach (ParameterTensor tensor in _layout)
        {
            Kernel.Transpose(_host.AsSpan(offset), buffer[tensor.Offset..], tensor.Inputs, tensor.Outputs);
            offset += tensor.Count;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        flat.copy_(_target.Of(_host, _host.Length));
    }

    private void Write(Tensor flat, AlignedBuffer buffer)
    {
        using DisposeScope scope = NewDisposeScope();
        float[] values = flat.detach().to(ScalarType.Float32).cpu().data<float>().ToArray();
        int offset = 0;
        foreach (ParameterTensor tensor in _layout)
        {
            Kernel.Transpose(buffer.Span[tensor.Offset..], values.AsSpan(offset), tensor.Outputs, tensor.Inputs);
            offset += tensor.Count;
        }
    }
}
