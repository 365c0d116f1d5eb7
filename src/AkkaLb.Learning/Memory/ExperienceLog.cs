using System.Runtime.InteropServices;
using System.Text;

namespace AkkaLb.Learning.Memory;

/// <summary>
/// What brings one agent's memory back to the start of an episode: its state at some earlier start, and the calls that changed it since. The
/// state is written anew when the calls have grown larger than it, so that all of it takes about twice the memory's size.
/// </summary>
internal sealed class ExperienceLog
{
    private readonly MemoryStream _state = new(), _calls = new();
    private readonly BinaryWriter _stateWriter, _callWriter;
    private long _start;

    public ExperienceLog()
    {
        _stateWriter = new BinaryWriter(_state, Encoding.UTF8);
        _callWriter = new BinaryWriter(_calls, Encoding.UTF8);
    }

    private enum Call : byte
    {
        Open,
        Take,
        Remember,
    }

    /// <summary>The episode that <see cref="Return"/> goes back to.</summary>
    public long Play { get; private set; }

    /// <summary>The memory is now at the start of an episode.</summary>
    public void Begin(long play, AgentExperience memory)
    {
        if (_calls.Length >= _state.Length)
        {
            _state.SetLength(0);
            _calls.SetLength(0);
            memory.Write(_stateWriter);
        }

        (Play, _start) = (play, _calls.Length);
    }

    public void Open(long policyVersion, double factor)
    {
        _callWriter.Write((byte)Call.Open);
        _callWriter.Write(policyVersion);
        _callWriter.Write(factor);
    }

    /// <param name="table">Number of the store's table that the entry lies in.</param>
    public void Take(int iteration, int table, int row)
    {
        _callWriter.Write((byte)Call.Take);
        _callWriter.Write(iteration);
        _callWriter.Write(table);
        _callWriter.Write(row);
    }

    public void Remember(int iteration, ReadOnlySpan<float> state, ReadOnlySpan<float> outcome, int action)
    {
        _callWriter.Write((byte)Call.Remember);
        _callWriter.Write(iteration);
        _callWriter.Write(action);
        Write(state);
        Write(outcome);
    }

    /// <summary>Brings a memory that does not write here meanwhile to the start of the episode, whatever it holds; later calls are dropped.</summary>
    public void Return(AgentExperience memory)
    {
        _state.Position = 0;
        using (BinaryReader reader = new(_state, Encoding.UTF8, leaveOpen: true))
        {
            memory.Read(reader);
        }

        _calls.SetLength(_start);
        _calls.Position = 0;
        using BinaryReader calls = new(_calls, Encoding.UTF8, leaveOpen: true);
        while (_calls.Position < _start)
        {
            switch ((Call)calls.ReadByte())
            {
                case Call.Open:
                    memory.Open(calls.ReadInt64(), calls.ReadDouble());
                    break;
                case Call.Take:
                    memory.MarkUsed(calls.ReadInt32(), calls.ReadInt32(), calls.ReadInt32());
                    break;
                default:
                    int iteration = calls.ReadInt32(), action = calls.ReadInt32();
                    memory.Remember(iteration, Read(calls), Read(calls), action);
                    break;
            }
        }
    }

    private void Write(ReadOnlySpan<float> values)
    {
        _callWriter.Write(values.Length);
        _callWriter.Write(MemoryMarshal.AsBytes(values));
    }

    private float[] Read(BinaryReader calls)
    {
        float[] values = new float[calls.ReadInt32()];
        _calls.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
