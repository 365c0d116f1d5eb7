using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.DataCenter.Models;

/// <summary>Runs a recurrent net step by step for a few rows (members that share it), with their last actions as inputs.</summary>
internal sealed unsafe class RecurrentPolicy
{
    private readonly RecurrentPass _pass;
    private readonly AlignedBuffer _input;
    private readonly int _rows, _features, _levels, _inputs, _outputs;

    /// <param name="features">Per row.</param>
    public RecurrentPolicy(RecurrentNet net, Kernel kernel, int rows, int features, int levels)
    {
        (_rows, _features, _levels, _inputs, _outputs) = (rows, features, levels, net.Inputs, net.Outputs);
        _pass = new RecurrentPass(net, kernel, rows, rows, training: false);
        _input = new AlignedBuffer(rows * net.Inputs);
    }

    /// <summary>As at the start of an episode: zero states, no last action.</summary>
    public void Reset()
    {
        _pass.InitialStates(_rows).Clear();
        _input.Span.Clear();
    }

    /// <summary>Moves all rows one step on.</summary>
    /// <param name="raw">[rows, features].</param>
    public void Step(float* parameters, ReadOnlySpan<float> raw, FeatureNormaliser normaliser)
    {
        for (int row = 0; row < _rows; row++)
        {
            normaliser.Normalise(raw.Slice(row * _features, _features), _input.Span.Slice(row * _inputs, _features));
        }

        _pass.Forward(parameters, _input.Pointer, 1, _rows, 0, []);
        _pass.StatesAfter(0).CopyTo(_pass.InitialStates(_rows));
    }

    /// <summary>Outputs of a row at the last step.</summary>
    public ReadOnlySpan<float> Outputs(int row) => new(_pass.Output + (nint)row * _outputs, _outputs);

    /// <summary>Tells the next step what was chosen.</summary>
    /// <param name="actions">[rows, heads].</param>
    public void Remember(ReadOnlySpan<float> actions)
    {
        int heads = actions.Length / _rows;
        for (int row = 0; row < _rows; row++)
        {
            Span<float> last = _input.Span.Slice(row * _inputs + _features, heads * _levels);
            last.Clear();
            SequenceBatch.OneHot(actions.Slice(row * heads, heads), _levels, last);
        }
    }
}
