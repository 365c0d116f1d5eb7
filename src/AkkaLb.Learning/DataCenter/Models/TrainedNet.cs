using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Learners;

namespace AkkaLb.Learning.DataCenter.Models;

/// <summary>A net's parameters with their gradient, their optimiser and, if wanted, a slowly following target copy.</summary>
internal sealed unsafe class TrainedNet
{
    private readonly Kernel _kernel;
    private readonly double _gradientNorm, _targetShare;
    private readonly AlignedBuffer[] _gradients;

    /// <param name="team">Threads for a single step; the result does not depend on them.</param>
    public TrainedNet(
        ParameterLayout layout, string name, DataCenterLearningOptions options, Kernel kernel, WorkerTeam team, ulong seed, bool target)
    {
        (Layout, Name, _kernel, _gradientNorm, _targetShare) = (layout, name, kernel, options.GradientNorm, options.TargetShare);
        Optimiser = new AdamOptimiser(
            layout, kernel, team, [new AdamGroup(0, layout.Tensors.Count, options.LearningRate)],
            options.AdamBeta1, options.AdamBeta2, options.AdamEpsilon);
        _gradients = [new AlignedBuffer(layout.Length)];
        layout.Initialise(Optimiser.Parameters.Span, name, seed);
        Target = target ? new AlignedBuffer(layout.Length) : null;
        ParametersChanged();
        CopyToTarget();
    }

    public ParameterLayout Layout { get; }

    /// <summary>Unique within a run; also the prefix of the tensors' names in files.</summary>
    public string Name { get; }

    public AdamOptimiser Optimiser { get; }

    public AlignedBuffer? Target { get; }

    public float* Parameters => Optimiser.Parameters.Pointer;

    public float* Transposed => Optimiser.Transposed;

    public AlignedBuffer Gradient => _gradients[0];

    /// <summary>To be called after parameters were set from outside.</summary>
    public void ParametersChanged() => Optimiser.ParametersChanged();

    public void CopyToTarget()
    {
        if (Target is not null)
        {
            Optimiser.Parameters.Span.CopyTo(Target.Span);
        }
    }

    /// <summary>One step with <see cref="Gradient"/>; the target follows. Returns the gradient's norm before clipping.</summary>
    /// <param name="rateShare">Factor on the learning rate.</param>
    public double Step(double rateShare)
    {
        double norm = Optimiser.Step(_gradients, _gradientNorm, rateShare);
        if (Target is not null)
        {
            _kernel.Approach(Target.Pointer, Parameters, (float)_targetShare, Target.Length);
        }

        return norm;
    }
}
