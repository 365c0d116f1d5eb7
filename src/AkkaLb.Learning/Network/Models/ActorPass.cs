using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.Network.Models;

/// <summary>
/// The actor for a batch of samples: message passing, then the readouts. Rows are link-major as in <see cref="MessagePassing"/>.
/// </summary>
internal sealed unsafe class ActorPass
{
    private readonly NetworkModel _model;
    private readonly Kernel _kernel;
    private readonly AlignedBuffer _logits, _dLogits, _hidden, _dHidden;

    public ActorPass(NetworkModel model, Kernel kernel, int capacity, bool training)
    {
        _model = model;
        _kernel = kernel;
        Messages = new MessagePassing(model, model.ActorMessages, kernel, capacity, training);
        int rows = model.LinkCount * capacity;
        _logits = new AlignedBuffer(rows * model.ActionCount);
        _hidden = new AlignedBuffer(rows * model.Readouts[0].HiddenWidth);
        _dLogits = new AlignedBuffer(training ? rows * model.ActionCount : 0);
        _dHidden = new AlignedBuffer(training ? rows * model.Readouts[0].HiddenWidth : 0);
    }

    public MessagePassing Messages { get; }

    /// <summary>Logit number link·A + output of a sample, after <see cref="Forward"/> of a batch of that size.</summary>
    public ref float Logit(int number, int sample, int batch) => ref Logits[Position(number, sample, batch)];

    /// <summary>The gradient of that logit, to be set for all before <see cref="Backward"/>.</summary>
    public ref float LogitGradient(int number, int sample, int batch) => ref LogitGradients[Position(number, sample, batch)];

    /// <summary>[N·B, A].</summary>
    private float* Logits => _logits.Pointer;

    private float* LogitGradients => _dLogits.Pointer;

    private int Position(int number, int sample, int batch)
    {
        (int link, int output) = Math.DivRem(number, _model.ActionCount);
        return (link * batch + sample) * _model.ActionCount + output;
    }

    public void Forward(float* parameters, int batch)
    {
        Messages.Forward(parameters, batch);
        ReadOut(parameters, batch);
    }

    /// <summary>The second half of <see cref="Forward"/>: logits from the final hidden states.</summary>
    public void ReadOut(float* parameters, int batch)
    {
        int rows = _model.LinkCount * batch / _model.Readouts.Length, actions = _model.ActionCount, ld = Messages.FinalStride;
        for (int i = 0; i < _model.Readouts.Length; i++)
        {
            Mlp readout = _model.Readouts[i];
            nint first = (nint)i * rows;
            readout.Forward(
                _kernel, parameters, Messages.Final + first * ld, ld, rows,
                _hidden.Pointer + first * readout.HiddenWidth, Logits + first * actions, actions);
        }
    }

    public void Backward(float* transposed, float* gradients, int batch)
    {
        ReadOutBackward(transposed, gradients, batch);
        Messages.Backward(transposed, gradients, batch);
    }

    /// <summary>The first half of <see cref="Backward"/>: down to the gradients of the final hidden states.</summary>
    public void ReadOutBackward(float* transposed, float* gradients, int batch)
    {
        int rows = _model.LinkCount * batch / _model.Readouts.Length, actions = _model.ActionCount, ld = Messages.FinalStride;
        for (int i = 0; i < _model.Readouts.Length; i++)
        {
            Mlp readout = _model.Readouts[i];
            nint first = (nint)i * rows;
            readout.Backward(
                _kernel, transposed, gradients, Messages.Final + first * ld, ld, rows, _hidden.Pointer + first * readout.HiddenWidth,
                LogitGradients + first * actions, actions, _dHidden.Pointer,
                Messages.FinalGradient + first * _model.HiddenState, _model.HiddenState);
        }
    }
}
