using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Network.Models;

/// <summary>The actor's parameters as they were after an update; immutable, safe to share between agents and threads.</summary>
public sealed unsafe class PolicySnapshot
{
    private readonly AlignedBuffer _parameters;

    /// <param name="parameters">A parameter buffer of the model, or its actor part; copied.</param>
    internal PolicySnapshot(NetworkModel model, long version, ReadOnlySpan<float> parameters)
        : this(version, parameters[..model.ActorLength])
    {
    }

    /// <param name="parameters">All of <see cref="All"/> of such a policy; copied.</param>
    public PolicySnapshot(long version, ReadOnlySpan<float> parameters)
    {
        Version = version;
        _parameters = new AlignedBuffer(parameters.Length);
        parameters.CopyTo(_parameters.Span);
    }

    /// <summary>Number of updates that led to it; 0 is the initial policy.</summary>
    public long Version { get; }

    /// <summary>The values of a tensor of the actor, a weight as [inputs, outputs] row-major.</summary>
    public ReadOnlySpan<float> Values(Layers.ParameterTensor tensor) => _parameters.Span.Slice(tensor.Offset, tensor.Count);

    /// <summary>All tensors, laid out as the model says.</summary>
    public ReadOnlySpan<float> All => _parameters.Span;

    internal float* Parameters => _parameters.Pointer;
}
