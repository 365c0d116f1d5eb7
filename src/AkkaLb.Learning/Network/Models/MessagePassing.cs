using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Network.Models;

/// <summary>
/// K exchanges for a batch of samples, forward and backward, with all memory allocated at construction. Rows are link-major: row
/// link·B + sample for a batch of B samples, so that everything of one link, or of one pair of links, is one contiguous block.
/// </summary>
internal sealed unsafe class MessagePassing
{
    private readonly NetworkModel _model;
    private readonly MessageNet _net;
    private readonly Kernel _kernel;
    private readonly bool _training;
    private readonly List<AlignedBuffer> _buffers = [];
    private readonly int _state, _hidden;
    private readonly int[] _firstPair;

    // Per exchange, indexed by l; without training the same memory serves every exchange. Input rows are [h | max | min] of the update net;
    // input K holds the final hidden states in its first columns.
    private readonly float*[] _inputs, _pairHidden, _messages, _argMax, _argMin, _updateHidden;
    private readonly float* _senders, _receivers;
    private readonly float* _dOutput, _dUpdateHidden, _dInput, _dSenders, _dReceivers, _dMessages, _dPairHidden;

    /// <param name="capacity">Largest batch, in samples.</param>
    /// <param name="training">Keep what <see cref="Backward"/> needs.</param>
    public MessagePassing(NetworkModel model, MessageNet net, Kernel kernel, int capacity, bool training)
    {
        _model = model;
        _net = net;
        _kernel = kernel;
        _training = training;
        _state = model.HiddenState;
        _hidden = net.Output.Inputs;
        _firstPair = new int[model.LinkCount + 1];
        for (int link = 0; link < model.LinkCount; link++)
        {
            _firstPair[link + 1] = _firstPair[link] + model.Predecessors(link).Length;
        }

        int rows = model.LinkCount * capacity, k = model.MessageIterations, kept = training ? k : 1;
        int pairRows = (training ? model.MessagesPerExchange : model.MaxPredecessors) * capacity;
        // h⁰ keeps its own memory, because only two of its columns are ever written.
        _inputs = Allocate(k + 1, training ? k + 1 : 3, rows * 3 * _state, firstIsSeparate: true);
        _pairHidden = Allocate(k, kept, pairRows * _hidden);
        _messages = Allocate(k, kept, pairRows * _state);
        _updateHidden = Allocate(k, kept, rows * net.Update.HiddenWidth);
        _senders = Allocate(rows * _hidden);
        _receivers = Allocate(rows * _hidden);
        _argMax = training ? Allocate(k, k, rows * _state) : new float*[k];
        _argMin = training ? Allocate(k, k, rows * _state) : new float*[k];
        if (training)
        {
            int receiverRows = model.MaxPredecessors * capacity;
            _dOutput = Allocate(rows * _state);
            _dUpdateHidden = Allocate(rows * net.Update.HiddenWidth);
            _dInput = Allocate(rows * 3 * _state);
            _dSenders = Allocate(rows * _hidden);
            _dReceivers = Allocate(rows * _hidden);
            _dMessages = Allocate(receiverRows * _state);
            _dPairHidden = Allocate(receiverRows * _hidden);
        }
    }

    /// <summary>Distance between rows of <see cref="Final"/>.</summary>
    public int FinalStride => 3 * _state;

    /// <summary>Final hidden states, D values at the start of every row.</summary>
    public float* Final => _inputs[_model.MessageIterations];

    /// <summary>Where to put the gradient of <see cref="Final"/> before <see cref="Backward"/>: rows of D values.</summary>
    public float* FinalGradient => _dOutput;

    /// <summary>Sets h⁰ of a row.</summary>
    public void SetObservation(int row, float load, float weight)
    {
        float* h = _inputs[0] + (nint)row * 3 * _state;
        h[0] = load;
        h[1] = weight;
    }

    /// <summary>h^l of a row, D values; before the last exchange only when training.</summary>
    public Span<float> State(int iteration, int row) => new(_inputs[iteration] + (nint)row * 3 * _state, _state);

    public void Forward(float* parameters, int batch)
    {
        int rows = _model.LinkCount * batch, ld = 3 * _state;
        for (int l = 0; l < _model.MessageIterations; l++)
        {
            float* input = _inputs[l];
            _kernel.MatMul(input, ld, 1, parameters + _net.Sender.Weight, _hidden, _senders, _hidden, rows, _hidden, _state,
                GemmStart.Zero);
            _net.Receiver.Forward(_kernel, parameters, input, ld, rows, _receivers, _hidden, tanh: false);
            for (int link = 0; link < _model.LinkCount; link++)
            {
                Receive(parameters, l, link, batch);
            }

            _net.Update.Forward(_kernel, parameters, input, ld, rows, _updateHidden[l], _inputs[l + 1], ld);
        }
    }

    private void Receive(float* parameters, int l, int link, int batch)
    {
        ReadOnlySpan<int> senders = _model.Predecessors(link);
        nint firstRow = _training ? (nint)_firstPair[link] * batch : 0, receiver = (nint)link * batch;
        float* hidden = _pairHidden[l] + firstRow * _hidden, messages = _messages[l] + firstRow * _state;
        int block = batch * _hidden;
        for (int s = 0; s < senders.Length; s++)
        {
            _kernel.AddTanh(hidden + (nint)s * block, _senders + (nint)senders[s] * block, _receivers + (nint)link * block, block);
        }

        _net.Output.Forward(_kernel, parameters, hidden, _hidden, senders.Length * batch, messages, _state, tanh: true);
        float* max = _inputs[l] + receiver * 3 * _state + _state;
        float* argMax = _training ? _argMax[l] + receiver * _state : null, argMin = _training ? _argMin[l] + receiver * _state : null;
        _kernel.MaxMin(messages, senders.Length, batch, _state, max, max + _state, 3 * _state, argMax, argMin);
    }

    /// <summary>Adds to the gradients of the nets' parameters, from <see cref="FinalGradient"/> (which it overwrites).</summary>
    public void Backward(float* transposed, float* gradients, int batch)
    {
        int rows = _model.LinkCount * batch, ld = 3 * _state;
        float* dNext = _dOutput;
        int lddNext = _state;
        for (int l = _model.MessageIterations - 1; l >= 0; l--)
        {
            _kernel.TanhGradient(_dOutput, _state, dNext, lddNext, _inputs[l + 1], ld, rows, _state);
            _net.Update.Backward(
                _kernel, transposed, gradients, _inputs[l], ld, rows, _updateHidden[l], _dOutput, _state, _dUpdateHidden, _dInput, ld);

            new Span<float>(_dSenders, rows * _hidden).Clear();
            new Span<float>(_dReceivers, rows * _hidden).Clear();
            for (int link = 0; link < _model.LinkCount; link++)
            {
                ReceiveBackward(transposed, gradients, l, link, batch);
            }

            float* h = _inputs[l];
            _kernel.MatMul(
                h, 1, ld, _dSenders, _hidden, gradients + _net.Sender.Weight, _hidden, _state, _hidden, rows, GemmStart.Accumulate);
            _net.Receiver.AddGradients(_kernel, gradients, h, ld, rows, _dReceivers, _hidden);
            if (l > 0)
            {
                // Wᵀ of the whole first layer is [hidden, 2D]: the sender's columns, then the receiver's.
                float* wt = transposed + _net.Sender.Weight;
                _kernel.MatMul(_dSenders, _hidden, 1, wt, 2 * _state, _dInput, ld, rows, _state, _hidden, GemmStart.Accumulate);
                _kernel.MatMul(_dReceivers, _hidden, 1, wt + _state, 2 * _state, _dInput, ld, rows, _state, _hidden, GemmStart.Accumulate);
                dNext = _dInput;
                lddNext = ld;
            }
        }
    }

    private void ReceiveBackward(float* transposed, float* gradients, int l, int link, int batch)
    {
        ReadOnlySpan<int> senders = _model.Predecessors(link);
        nint firstRow = (nint)_firstPair[link] * batch, receiver = (nint)link * batch;
        float* hidden = _pairHidden[l] + firstRow * _hidden, messages = _messages[l] + firstRow * _state;
        float* dMax = _dInput + receiver * 3 * _state + _state;
        int pairRows = senders.Length * batch, block = batch * _hidden;
        _kernel.MaxMinGradient(
            _dMessages, messages, senders.Length, batch, _state, dMax, dMax + _state, 3 * _state,
            _argMax[l] + receiver * _state, _argMin[l] + receiver * _state);
        _net.Output.AddGradients(_kernel, gradients, hidden, _hidden, pairRows, _dMessages, _state);
        _net.Output.InputGradient(
            _kernel, transposed, _dMessages, _state, pairRows, _dPairHidden, _hidden, GemmFinish.TanhGradient, hidden, _hidden);
        for (int s = 0; s < senders.Length; s++)
        {
            _kernel.Add(_dSenders + (nint)senders[s] * block, _dPairHidden + (nint)s * block, block);
            _kernel.Add(_dReceivers + (nint)link * block, _dPairHidden + (nint)s * block, block);
        }
    }

    private float* Allocate(int floats)
    {
        var buffer = new AlignedBuffer(floats);
        _buffers.Add(buffer);
        return buffer.Pointer;
    }

    /// <summary>Pointers for <paramref name="count"/> exchanges onto <paramref name="distinct"/> blocks, taken in turn.</summary>
    private float*[] Allocate(int count, int distinct, int floats, bool firstIsSeparate = false)
    {
        var pointers = new float*[count];
        int shared = firstIsSeparate ? 1 : 0;
        for (int i = 0; i < count; i++)
        {
            pointers[i] = i < distinct ? Allocate(floats) : pointers[shared + (i - shared) % (distinct - shared)];
        }

        return pointers;
    }
}
