using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Layers;

/// <summary>
/// Forward and backward passes of a <see cref="RecurrentNet"/> over batches of sequences. Rows are time-major (step t of sequence b is row
/// t·B + b). All activations lie in buffers of this object; calls allocate nothing.
/// </summary>
internal sealed unsafe class RecurrentPass
{
    private readonly RecurrentNet _net;
    private readonly Kernel _kernel;
    private readonly AlignedBuffer _first, _second, _states, _gates, _recurrent, _third, _fourth, _output;
    private readonly AlignedBuffer _dOutput, _dFourth, _dThird, _dStates, _dSecond, _dFirst;
    private float* _x;
    private int _batch;

    /// <param name="rows">Largest steps·batch.</param>
    /// <param name="training">Whether <see cref="Backward"/> will be called.</param>
    public RecurrentPass(RecurrentNet net, Kernel kernel, int rows, int batch, bool training)
    {
        (_net, _kernel) = (net, kernel);
        int width = net.Width, backward = training ? rows : 0;
        _first = new AlignedBuffer(rows * width);
        _second = new AlignedBuffer(rows * width);
        _states = new AlignedBuffer((rows + batch) * width);
        _gates = new AlignedBuffer(3 * rows * width);
        _recurrent = new AlignedBuffer(3 * rows * width);
        _third = new AlignedBuffer(rows * width);
        _fourth = new AlignedBuffer(rows * width);
        _output = new AlignedBuffer(rows * net.Outputs);
        _dOutput = new AlignedBuffer(backward * net.Outputs);
        _dFourth = new AlignedBuffer(backward * width);
        _dThird = new AlignedBuffer(backward * width);
        _dStates = new AlignedBuffer(backward * width);
        _dSecond = new AlignedBuffer(backward * width);
        _dFirst = new AlignedBuffer(backward * width);
    }

    /// <summary>[steps·batch, outputs] of the last forward pass.</summary>
    public float* Output => _output.Pointer;

    /// <summary>To be filled for the rows that <see cref="Backward"/> learns from.</summary>
    public float* OutputGradient => _dOutput.Pointer;

    /// <summary>States before the first step of a forward pass, [batch, width].</summary>
    public Span<float> InitialStates(int batch) => _states.Span[..(batch * _net.Width)];

    /// <summary>States after a step of the last forward pass, [batch, width].</summary>
    public ReadOnlySpan<float> StatesAfter(int step) => _states.Span.Slice((step + 1) * _batch * _net.Width, _batch * _net.Width);

    /// <param name="x">[steps·batch, inputs]; must stay as it is until <see cref="Backward"/>.</param>
    /// <param name="firstOutput">Outputs are computed from this step on.</param>
    /// <param name="starts">As in <see cref="Gru.Forward"/>.</param>
    public void Forward(float* parameters, float* x, int steps, int batch, int firstOutput, ReadOnlySpan<int> starts)
    {
        _x = x;
        _batch = batch;
        int rows = steps * batch, width = _net.Width;
        _net.First.Forward(_kernel, parameters, x, _net.Inputs, rows, _first.Pointer, width, GemmFinish.Relu);
        _net.Second.Forward(_kernel, parameters, _first.Pointer, width, rows, _second.Pointer, width, GemmFinish.Relu);
        _net.Gru.Forward(_kernel, parameters, _second.Pointer, steps, batch, _states.Pointer, _gates.Pointer, _recurrent.Pointer, starts);

        nint skipped = (nint)firstOutput * batch;
        rows -= (int)skipped;
        float* states = _states.Pointer + (batch + skipped) * width, third = _third.Pointer + skipped * width;
        float* fourth = _fourth.Pointer + skipped * width;
        _net.Third.Forward(_kernel, parameters, states, width, rows, third, width, GemmFinish.Relu);
        _net.Fourth.Forward(_kernel, parameters, third, width, rows, fourth, width, GemmFinish.Relu);
        _net.Output.Forward(
            _kernel, parameters, fourth, width, rows, _output.Pointer + skipped * _net.Outputs, _net.Outputs, GemmFinish.Linear);
    }

    /// <summary>
    /// Adds to the parameters' gradients, from the output gradients of the steps [first, end); earlier steps are taken as given.
    /// </summary>
    /// <param name="end">At most the steps of the forward pass.</param>
    public void Backward(float* transposed, float* gradients, int first, int end)
    {
        int width = _net.Width, steps = end - first, rows = steps * _batch;
        nint skipped = (nint)first * _batch, at = skipped * width;
        float* states = _states.Pointer + at, after = states + (nint)_batch * width;
        float* dOutput = _dOutput.Pointer + skipped * _net.Outputs;

        _net.Output.AddGradients(_kernel, gradients, _fourth.Pointer + at, width, rows, dOutput, _net.Outputs);
        _net.Output.InputGradient(
            _kernel, transposed, dOutput, _net.Outputs, rows, _dFourth.Pointer, width, GemmFinish.ReluGradient, _fourth.Pointer + at,
            width);
        _net.Fourth.AddGradients(_kernel, gradients, _third.Pointer + at, width, rows, _dFourth.Pointer, width);
        _net.Fourth.InputGradient(
            _kernel, transposed, _dFourth.Pointer, width, rows, _dThird.Pointer, width, GemmFinish.ReluGradient, _third.Pointer + at,
            width);
        _net.Third.AddGradients(_kernel, gradients, after, width, rows, _dThird.Pointer, width);
        _net.Third.InputGradient(
            _kernel, transposed, _dThird.Pointer, width, rows, _dStates.Pointer, width, GemmFinish.Linear, null, 0);

        _net.Gru.Backward(
            _kernel, transposed, gradients, _second.Pointer + at, steps, _batch, states, _gates.Pointer + 3 * at,
            _recurrent.Pointer + 3 * at,
            _dStates.Pointer, _dSecond.Pointer);

        _net.Second.AddGradients(_kernel, gradients, _first.Pointer + at, width, rows, _dSecond.Pointer, width);
        _net.Second.InputGradient(
            _kernel, transposed, _dSecond.Pointer, width, rows, _dFirst.Pointer, width, GemmFinish.ReluGradient, _first.Pointer + at,
            width);
        _net.First.AddGradients(_kernel, gradients, _x + skipped * _net.Inputs, _net.Inputs, rows, _dFirst.Pointer, width);
    }
}
