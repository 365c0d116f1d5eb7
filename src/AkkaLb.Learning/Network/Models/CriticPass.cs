using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Network.Models;

/// <summary>
/// The critic for a batch of samples: its own message passing, then mean ‖ max ‖ min ‖ deviation over all links, then one value
/// per sample (specification section 2.5).
/// </summary>
internal sealed unsafe class CriticPass
{
    private readonly NetworkModel _model;
    private readonly Kernel _kernel;
    private readonly AlignedBuffer _pooled, _dPooled, _hidden, _dHidden, _values, _dValues;

    public CriticPass(NetworkModel model, Kernel kernel, int capacity, bool training)
    {
        _model = model;
        _kernel = kernel;
        Messages = new MessagePassing(model, model.CriticMessages, kernel, capacity, training);
        _pooled = new AlignedBuffer(capacity * 4 * model.HiddenState);
        _hidden = new AlignedBuffer(capacity * model.CriticHead.HiddenWidth);
        _values = new AlignedBuffer(capacity);
        _dPooled = new AlignedBuffer(training ? _pooled.Length : 0);
        _dHidden = new AlignedBuffer(training ? _hidden.Length : 0);
        _dValues = new AlignedBuffer(training ? capacity : 0);
    }

    public MessagePassing Messages { get; }

    /// <summary>One per sample after <see cref="Forward"/>.</summary>
    public float* Values => _values.Pointer;

    /// <summary>Their gradient, to be set before <see cref="Backward"/>.</summary>
    public float* ValueGradients => _dValues.Pointer;

    public void Forward(float* parameters, int batch)
    {
        Messages.Forward(parameters, batch);
        int state = _model.HiddenState;
        _kernel.Pool(Messages.Final, Messages.FinalStride, _model.LinkCount, batch, state, _pooled.Pointer);
        _model.CriticHead.Forward(_kernel, parameters, _pooled.Pointer, 4 * state, batch, _hidden.Pointer, Values, 1);
    }

    public void Backward(float* transposed, float* gradients, int batch)
    {
        int state = _model.HiddenState;
        _model.CriticHead.Backward(
            _kernel, transposed, gradients, _pooled.Pointer, 4 * state, batch, _hidden.Pointer, ValueGradients, 1,
            _dHidden.Pointer, _dPooled.Pointer, 4 * state);
        _kernel.PoolGradient(
            Messages.FinalGradient, state, _dPooled.Pointer, _pooled.Pointer,
            Messages.Final, Messages.FinalStride, _model.LinkCount, batch, state);
        Messages.Backward(transposed, gradients, batch);
    }
}
