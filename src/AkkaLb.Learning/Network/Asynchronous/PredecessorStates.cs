using System.Runtime.InteropServices;

namespace AkkaLb.Learning.Network.Asynchronous;

/// <summary>
/// The hidden states that an agent has of its predecessors in the exchange that is under way. Where agents send theirs unasked, also the
/// last one of every iteration that each has sent, and whether it was taken since.
/// </summary>
/// <param name="iterations">Of which the last states are kept; 0 where agents ask.</param>
internal sealed class PredecessorStates(int predecessors, int width, int iterations)
{
    private readonly float[] _states = new float[predecessors * width], _last = new float[iterations * predecessors * width];
    private readonly bool[] _received = new bool[predecessors];
    private readonly bool[] _has = new bool[iterations * predecessors], _isNew = new bool[iterations * predecessors];

    /// <summary>States of the exchange that have not come yet.</summary>
    public int Missing { get; private set; }

    /// <summary>Of all predecessors, in their order.</summary>
    public ReadOnlySpan<float> All => _states;

    /// <summary>An exchange begins: with those states of its iteration that came since they were last needed, if any are kept.</summary>
    public void Begin(int iteration)
    {
        Missing = predecessors;
        Array.Clear(_received);
        Take(iteration, iterations > 0 ? _isNew : []);
    }

    /// <summary>A state of the exchange has come; one that is there already is ignored.</summary>
    public void Receive(int predecessor, ReadOnlySpan<float> state)
    {
        if (!_received[predecessor])
        {
            state.CopyTo(_states.AsSpan(predecessor * width, width));
            _received[predecessor] = true;
            Missing--;
        }
    }

    /// <summary>A state has come that nobody asked for.</summary>
    public void Keep(int predecessor, int iteration, ReadOnlySpan<float> state)
    {
        int index = (iteration * predecessors) + predecessor;
        state.CopyTo(_last.AsSpan(index * width, width));
        _has[index] = _isNew[index] = true;
    }

    /// <summary>Takes those states of an iteration that are new for those that are missing.</summary>
    public void TakeNew(int iteration) => Take(iteration, _isNew);

    /// <summary>Takes the last states of an iteration for those that are missing, where there ever was one.</summary>
    public void TakeLast(int iteration) => Take(iteration, _has);

    /// <summary>What has come up to now is of the past: something else is to be waited for.</summary>
    public void Age() => Array.Clear(_isNew);

    /// <param name="isOpen">Whether an exchange is under way; what one that is over has received is not looked at again.</param>
    public void Write(BinaryWriter writer, bool isOpen)
    {
        if (isOpen)
        {
            writer.Write(MemoryMarshal.AsBytes(_received.AsSpan()));
            for (int predecessor = 0; predecessor < predecessors; predecessor++)
            {
                if (_received[predecessor])
                {
                    writer.Write(MemoryMarshal.AsBytes(_states.AsSpan(predecessor * width, width)));
                }
            }
        }

        writer.Write(MemoryMarshal.AsBytes(_has.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(_isNew.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(_last.AsSpan()));
    }

    /// <summary>Becomes what <see cref="Write"/> wrote.</summary>
    /// <param name="missing">What <see cref="Missing"/> was.</param>
    public void Read(BinaryReader reader, bool isOpen, int missing)
    {
        Missing = missing;
        if (isOpen)
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_received.AsSpan()));
            for (int predecessor = 0; predecessor < predecessors; predecessor++)
            {
                if (_received[predecessor])
                {
                    reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_states.AsSpan(predecessor * width, width)));
                }
            }
        }

        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_has.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_isNew.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_last.AsSpan()));
    }

    private void Take(int iteration, ReadOnlySpan<bool> which)
    {
        for (int predecessor = 0; predecessor < predecessors && !which.IsEmpty; predecessor++)
        {
            int index = (iteration * predecessors) + predecessor;
            if (which[index] && !_received[predecessor])
            {
                Receive(predecessor, _last.AsSpan(index * width, width));
                _isNew[index] = false;
            }
        }
    }
}
