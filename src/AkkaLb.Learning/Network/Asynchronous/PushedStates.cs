using System.Runtime.InteropServices;

namespace AkkaLb.Learning.Network.Asynchronous;

/// <summary>The last hidden state of every iteration that each predecessor has sent by itself, and whether it was taken since.</summary>
internal sealed class PushedStates(int iterations, int predecessors, int width)
{
    private readonly float[] _states = new float[iterations * predecessors * width];
    private readonly bool[] _has = new bool[iterations * predecessors], _isNew = new bool[iterations * predecessors];

    /// <summary>Whether one has ever come.</summary>
    public bool Has(int predecessor, int iteration) => _has[Index(predecessor, iteration)];

    /// <summary>Whether one has come that was not taken yet.</summary>
    public bool IsNew(int predecessor, int iteration) => _isNew[Index(predecessor, iteration)];

    public void Put(int predecessor, int iteration, ReadOnlySpan<float> state)
    {
        int index = Index(predecessor, iteration);
        state.CopyTo(State(index));
        _has[index] = _isNew[index] = true;
    }

    public void Take(int predecessor, int iteration, Span<float> state)
    {
        int index = Index(predecessor, iteration);
        State(index).CopyTo(state);
        _isNew[index] = false;
    }

    /// <summary>What has come up to now is of the past: something else is to be waited for.</summary>
    public void Age() => Array.Clear(_isNew);

    public void Write(BinaryWriter writer)
    {
        writer.Write(MemoryMarshal.AsBytes(_has.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(_isNew.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(_states.AsSpan()));
    }

    public void Read(BinaryReader reader)
    {
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_has.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_isNew.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_states.AsSpan()));
    }

    private int Index(int predecessor, int iteration) => iteration * predecessors + predecessor;

    private Span<float> State(int index) => _states.AsSpan(index * width, width);
}
