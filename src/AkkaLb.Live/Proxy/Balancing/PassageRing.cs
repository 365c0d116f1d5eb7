using System.Numerics;
using System.Runtime.InteropServices;
using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>
/// What passes, on its way from the threads that serve requests to the one that looks at it: a bounded queue without locks (Vyukov). Who
/// writes never waits: when nobody reads, what comes is dropped and counted.
/// </summary>
internal sealed class PassageRing
{
    private readonly Cell[] _cells;
    private readonly int _mask;
    private PaddedLong _write, _read, _dropped;

    /// <param name="capacity">Rounded up to a power of two.</param>
    public PassageRing(int capacity)
    {
        _cells = new Cell[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)];
        _mask = _cells.Length - 1;
        for (int i = 0; i < _cells.Length; i++)
        {
            _cells[i].Sequence = i;
        }
    }

    /// <summary>What was dropped since the start.</summary>
    public long Dropped => Volatile.Read(ref _dropped.Value);

    /// <summary>By any thread.</summary>
    /// <returns>False when it was dropped.</returns>
    public bool Write(in Passage passage)
    {
        long place = Volatile.Read(ref _write.Value);
        while (true)
        {
            ref Cell cell = ref _cells[(int)place & _mask];
            long ahead = Volatile.Read(ref cell.Sequence) - place;
            if (ahead < 0)
            {
                Interlocked.Increment(ref _dropped.Value);
                return false;
            }
            long found = ahead > 0 ? Volatile.Read(ref _write.Value) : Interlocked.CompareExchange(ref _write.Value, place + 1, place);
            if (ahead == 0 && found == place)
            {
                cell.Passage = passage;
                Volatile.Write(ref cell.Sequence, place + 1);
                return true;
            }
            place = found;
        }
    }

    /// <summary>Takes what is there, in order; by one thread at a time.</summary>
    /// <returns>How many were taken.</returns>
    public int Read(Span<Passage> target)
    {
        int count = 0;
        while (count < target.Length)
        {
            ref Cell cell = ref _cells[(int)_read.Value & _mask];
            if (Volatile.Read(ref cell.Sequence) != _read.Value + 1)
            {
                break;
            }
            target[count++] = cell.Passage;
            Volatile.Write(ref cell.Sequence, _read.Value + _cells.Length);
            _read.Value++;
        }
        return count;
    }

    private struct Cell
    {
        public long Sequence;
        public Passage Passage;
    }

    /// <summary>A number alone on its cache lines: writers and the reader do not take them from each other.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedLong
    {
        [FieldOffset(128)]
        public long Value;
    }
}
