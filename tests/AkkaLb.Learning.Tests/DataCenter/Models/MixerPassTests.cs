using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Tests.Kernels;

namespace AkkaLb.Learning.Tests.DataCenter.Models;

public unsafe class MixerPassTests
{
    private const int Rows = 3, State = 5, Values = 4, Width = 6;
    private const float H = 1e-2f;

    private readonly ParameterLayout _layout = new();
    private readonly MixerPass _pass;
    private readonly AlignedBuffer _parameters, _transposed, _state = Numbers.Gaussian(Rows * State, "state");
    private readonly float[] _values = Numbers.Gaussian(Rows * Values, "values").Span.ToArray();
    private readonly double[] _weights = [0.7, -1.3, 0.4];

    public MixerPassTests()
    {
        var mixer = new MonotonicMixer(_layout, State, Values, Width);
        _pass = new MixerPass(mixer, Kernel.Best, Rows);
        _parameters = Numbers.Gaussian(_layout.Length, "parameters");
        _transposed = new AlignedBuffer(_layout.Length);
    }

    [Fact]
    public void Backward_EveryParameterKindAndValue_MatchesFiniteDifferences()
    {
        _layout.Transpose(_transposed.Pointer, _parameters.Pointer, 0, _layout.Tensors.Count);
        Total();
        var gradients = new AlignedBuffer(_layout.Length);
        var dValues = new float[_values.Length];
        _pass.Backward(_transposed.Pointer, gradients.Pointer, _values, _weights, dValues);
        foreach (ParameterTensor tensor in _layout.Tensors)
        {
            for (int i = tensor.Offset; i < tensor.Offset + tensor.Count; i += 3)
            {
                Close(gradients.Span[i], Slope(_parameters.Span, i), tensor.Name);
            }
        }

        for (int i = 0; i < _values.Length; i++)
        {
            Close(dValues[i], Slope(_values, i), "value");
        }
    }

    [Fact]
    public void Forward_AnyValueRises_TheTotalDoesNotFall()
    {
        double[] before = Totals();
        for (int i = 0; i < _values.Length; i++)
        {
            float kept = _values[i];
            _values[i] = kept + 1;
            double[] after = Totals();
            _values[i] = kept;
            for (int row = 0; row < Rows; row++)
            {
                after[row].ShouldBeGreaterThanOrEqualTo(before[row]);
            }
        }
    }

    private static void Close(double actual, double expected, string name) =>
        actual.ShouldBe(expected, 0.02 + 0.02 * Math.Abs(expected), name);

    private double Slope(Span<float> values, int i)
    {
        // Kinks of |·| and ReLU within a step spoil a difference; a smaller step meets fewer.
        float kept = values[i], step = H / 16;
        values[i] = kept + step;
        double high = Total();
        values[i] = kept - step;
        double low = Total();
        values[i] = kept;
        return (high - low) / (2 * step);
    }

    private double Total() => Totals().Zip(_weights, (t, w) => t * w).Sum();

    private double[] Totals()
    {
        var totals = new double[Rows];
        _pass.Forward(_parameters.Pointer, _state.Pointer, _values, totals);
        return totals;
    }
}
