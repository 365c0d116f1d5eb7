using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.Learners;

/// <summary>A run of consecutive tensors with a learning rate of its own.</summary>
internal readonly record struct AdamGroup(int FirstTensor, int EndTensor, double LearningRate);

/// <summary>
/// Adam over a flat parameter buffer: adds the partial gradients in order, clips their joint norm, steps, and keeps a transposed copy of
/// every weight for the backward pass. The tensors are divided into a fixed number of parts, so the result does not depend on threads.
/// </summary>
/// <remarks>
/// Kingma and Ba 2015, in the order of operations at the end of their section 2, which is Keras': ε is added to the uncorrected root, so
/// the first steps are shorter.
/// </remarks>
internal sealed unsafe class AdamOptimiser : IParallelWork
{
    private const int Parts = 8;

    private readonly ParameterLayout _layout;
    private readonly Kernel _kernel;
    private readonly WorkerTeam _team;
    private readonly AdamGroup[] _groups;
    private readonly double _beta1, _beta2, _epsilon;
    private readonly (int First, int End, int Group)[] _parts;
    private readonly double[] _squares;
    private readonly AdamStep[] _steps;
    private readonly AlignedBuffer _transposed;
    private readonly AlignedBuffer[] _state, _marked;
    private long _markedSteps;
    private AlignedBuffer[] _gradients = [];
    private Phase _phase;

    public AdamOptimiser(
        ParameterLayout layout, Kernel kernel, WorkerTeam team, AdamGroup[] groups, double beta1, double beta2, double epsilon)
    {
        (_layout, _kernel, _team, _groups) = (layout, kernel, team, groups);
        (_beta1, _beta2, _epsilon) = (beta1, beta2, epsilon);
        Parameters = new AlignedBuffer(layout.Length);
        Mean = new AlignedBuffer(layout.Length);
        Square = new AlignedBuffer(layout.Length);
        _transposed = new AlignedBuffer(layout.Length);
        _state = [Parameters, Mean, Square];
        _marked = [.. _state.Select(_ => new AlignedBuffer(layout.Length))];
        _parts = Divide();
        _squares = new double[_parts.Length];
        _steps = new AdamStep[groups.Length];
    }

    private enum Phase
    {
        Reduce,
        Step,
        Transpose,
    }

    public AlignedBuffer Parameters { get; }

    /// <summary>Whether all parameters are finite numbers.</summary>
    public bool IsFinite
    {
        get
        {
            foreach (float parameter in Parameters.Span)
            {
                if (!float.IsFinite(parameter))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Running mean of the gradient.</summary>
    public AlignedBuffer Mean { get; }

    /// <summary>Running mean of the squared gradient.</summary>
    public AlignedBuffer Square { get; }

    /// <summary>Every weight as [outputs, inputs] at the weight's own offset.</summary>
    public float* Transposed => _transposed.Pointer;

    /// <summary>Steps made.</summary>
    public long Steps { get; set; }

    /// <summary>To be called after <see cref="Parameters"/> were set from outside.</summary>
    public void ParametersChanged()
    {
        _phase = Phase.Transpose;
        _team.Run(this, _parts.Length);
    }

    /// <summary>Remembers the present state for <see cref="ReturnToMark"/>.</summary>
    public void Mark()
    {
        _markedSteps = Steps;
        for (int i = 0; i < _state.Length; i++)
        {
            _state[i].Span.CopyTo(_marked[i].Span);
        }
    }

    public void ReturnToMark()
    {
        Steps = _markedSteps;
        for (int i = 0; i < _state.Length; i++)
        {
            _marked[i].Span.CopyTo(_state[i].Span);
        }

        ParametersChanged();
    }

    /// <summary>One step with the sum of the partial gradients (the first buffer receives it).</summary>
    /// <param name="rateShare">Factor on the learning rates.</param>
    /// <returns>The gradient's norm before clipping to <paramref name="maxNorm"/>.</returns>
    public double Step(AlignedBuffer[] gradients, double maxNorm, double rateShare = 1)
    {
        _gradients = gradients;
        _phase = Phase.Reduce;
        _team.Run(this, _parts.Length);
        double sum = 0;
        foreach (double square in _squares)
        {
            sum += square;
        }

        double norm = Math.Sqrt(sum);
        Steps++;
        double correction1 = 1 - Math.Pow(_beta1, Steps), correction2 = 1 - Math.Pow(_beta2, Steps);
        for (int group = 0; group < _groups.Length; group++)
        {
            _steps[group] = new AdamStep(
                (float)(maxNorm / Math.Max(norm, maxNorm)), (float)(
                    rateShare * _groups[group].LearningRate * Math.Sqrt(correction2) / correction1),
                (float)_epsilon, (float)_beta1, (float)_beta2);
        }

        _phase = Phase.Step;
        _team.Run(this, _parts.Length);
        return norm;
    }

    void IParallelWork.Execute(int part)
    {
        (int first, int end, int group) = _parts[part];
        int offset = _layout.Tensors[first].Offset;
        int count = (end == _layout.Tensors.Count ? _layout.Length : _layout.Tensors[end].Offset) - offset;
        switch (_phase)
        {
            case Phase.Reduce:
                float* sum = _gradients[0].Pointer + offset;
                for (int i = 1; i < _gradients.Length - 1; i++)
                {
                    _kernel.Add(sum, _gradients[i].Pointer + offset, count);
                }

                _squares[part] = _gradients.Length == 1
                    ? _kernel.SumSquares(sum, count)
                    : _kernel.AddAndSumSquares(sum, _gradients[^1].Pointer + offset, count);
                break;
            case Phase.Step:
                _kernel.Adam(
                    Parameters.Pointer + offset, Mean.Pointer + offset, Square.Pointer + offset, _gradients[0].Pointer + offset,
                    count, _steps[group]);
                goto case Phase.Transpose;
            case Phase.Transpose:
                _layout.Transpose(Transposed, Parameters.Pointer, first, end);
                break;
        }
    }

    /// <summary>Runs of whole tensors, of about equal length, none across a group's border.</summary>
    private (int First, int End, int Group)[] Divide()
    {
        List<(int, int, int)> parts = [];
        int target = (_layout.Length + Parts - 1) / Parts;
        for (int group = 0; group < _groups.Length; group++)
        {
            int first = _groups[group].FirstTensor, length = 0;
            for (int tensor = first; tensor < _groups[group].EndTensor; tensor++)
            {
                length += _layout.Tensors[tensor].Count;
                if (length >= target || tensor == _groups[group].EndTensor - 1)
                {
                    parts.Add((first, tensor + 1, group));
                    (first, length) = (tensor + 1, 0);
                }
            }
        }

        return [.. parts];
    }
}
