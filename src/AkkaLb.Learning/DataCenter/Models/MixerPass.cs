using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.DataCenter.Models;

/// <summary>
/// Forward and backward passes of a <see cref="MonotonicMixer"/> over rows; all activations lie in buffers of this object.
/// </summary>
internal sealed unsafe class MixerPass
{
    private readonly MonotonicMixer _mixer;
    private readonly Kernel _kernel;
    private readonly int _rows;
    private readonly AlignedBuffer _firstHidden, _first, _bias, _secondHidden, _second, _valueHidden, _value, _mixed;
    private readonly AlignedBuffer _scratch, _dFirst, _dBias, _dSecond, _dValue;
    private float* _state;

    public MixerPass(MonotonicMixer mixer, Kernel kernel, int rows)
    {
        (_mixer, _kernel, _rows) = (mixer, kernel, rows);
        int width = mixer.Width;
        _firstHidden = new AlignedBuffer(rows * mixer.First.HiddenWidth);
        _first = new AlignedBuffer(rows * mixer.Values * width);
        _bias = new AlignedBuffer(rows * width);
        _secondHidden = new AlignedBuffer(rows * mixer.Second.HiddenWidth);
        _second = new AlignedBuffer(rows * width);
        _valueHidden = new AlignedBuffer(rows * mixer.Value.HiddenWidth);
        _value = new AlignedBuffer(rows);
        _mixed = new AlignedBuffer(rows * width);
        _scratch = new AlignedBuffer(rows * width);
        _dFirst = new AlignedBuffer(rows * mixer.Values * width);
        _dBias = new AlignedBuffer(rows * width);
        _dSecond = new AlignedBuffer(rows * width);
        _dValue = new AlignedBuffer(rows);
    }

    /// <param name="state">[rows, state]; must stay as it is until <see cref="Backward"/>.</param>
    /// <param name="values">q, [rows, values].</param>
    /// <param name="total">Receives Q_tot, [rows].</param>
    public void Forward(float* parameters, float* state, ReadOnlySpan<float> values, Span<double> total)
    {
        _state = state;
        int width = _mixer.Width, count = _mixer.Values, inputs = _mixer.State;
        _mixer.First.Forward(_kernel, parameters, state, inputs, _rows, _firstHidden.Pointer, _first.Pointer, count * width);
        _mixer.Bias.Forward(_kernel, parameters, state, inputs, _rows, _bias.Pointer, width, GemmFinish.Linear);
        _mixer.Second.Forward(_kernel, parameters, state, inputs, _rows, _secondHidden.Pointer, _second.Pointer, width);
        _mixer.Value.Forward(_kernel, parameters, state, inputs, _rows, _valueHidden.Pointer, _value.Pointer, 1);
        for (int row = 0; row < _rows; row++)
        {
            float* mixed = _mixed.Pointer + (nint)row * width, weights = _first.Pointer + (nint)row * count * width,
                second = _second.Pointer + (nint)row * width;
            new Span<float>(_bias.Pointer + (nint)row * width, width).CopyTo(new Span<float>(mixed, width));
            for (int k = 0; k < count; k++, weights += width)
            {
                float q = values[row * count + k];
                for (int e = 0; e < width; e++)
                {
                    mixed[e] += q * MathF.Abs(weights[e]);
                }
            }

            double sum = _value.Span[row];
            for (int e = 0; e < width; e++)
            {
                mixed[e] = Elu(mixed[e]);
                sum += mixed[e] * MathF.Abs(second[e]);
            }

            total[row] = sum;
        }
    }

    /// <summary>Adds to the parameters' gradients, and gives that of q.</summary>
    /// <param name="values">As in the forward pass.</param>
    /// <param name="dTotal">[rows].</param>
    /// <param name="dValues">Receives the gradient of q, [rows, values].</param>
    public void Backward(float* transposed, float* gradients, ReadOnlySpan<float> values, ReadOnlySpan<double> dTotal, Span<float> dValues)
    {
        int width = _mixer.Width, count = _mixer.Values, inputs = _mixer.State;
        for (int row = 0; row < _rows; row++)
        {
            float d = (float)dTotal[row];
            float* mixed = _mixed.Pointer + (nint)row * width, second = _second.Pointer + (nint)row * width;
            float* dBias = _dBias.Pointer + (nint)row * width, dSecond = _dSecond.Pointer + (nint)row * width;
            float* weights = _first.Pointer + (nint)row * count * width, dFirst = _dFirst.Pointer + (nint)row * count * width;
            for (int e = 0; e < width; e++)
            {
                dSecond[e] = d * mixed[e] * MathF.Sign(second[e]);
                dBias[e] = d * MathF.Abs(second[e]) * (mixed[e] > 0 ? 1 : mixed[e] + 1);
            }

            for (int k = 0; k < count; k++, weights += width, dFirst += width)
            {
                float q = values[row * count + k], sum = 0;
                for (int e = 0; e < width; e++)
                {
                    sum += dBias[e] * MathF.Abs(weights[e]);
                    dFirst[e] = q * dBias[e] * MathF.Sign(weights[e]);
                }

                dValues[row * count + k] = sum;
            }

            _dValue.Span[row] = d;
        }

        Back(_mixer.First, _firstHidden, _dFirst, count * width);
        _mixer.Bias.AddGradients(_kernel, gradients, _state, inputs, _rows, _dBias.Pointer, width);
        Back(_mixer.Second, _secondHidden, _dSecond, width);
        Back(_mixer.Value, _valueHidden, _dValue, 1);

        void Back(Mlp net, AlignedBuffer hidden, AlignedBuffer dz, int outputs) => net.Backward(
            _kernel, transposed, gradients, _state, inputs, _rows, hidden.Pointer, dz.Pointer, outputs, _scratch.Pointer, null, 0);
    }

    private static float Elu(float x) => x > 0 ? x : MathF.Exp(x) - 1;
}
