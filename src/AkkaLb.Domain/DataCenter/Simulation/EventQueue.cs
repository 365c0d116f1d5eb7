using System.Runtime.CompilerServices;

namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>
/// Events in order of time, and of scheduling where times are equal: a heap of 16-byte entries with four children to a node, so that the
/// children of a node share a cache line or two and the tree is half as deep as a binary one.
/// </summary>
/// <remarks>Not safe for use by several threads at once. Allocates only to grow.</remarks>
public sealed class EventQueue
{
    private Entry[] _heap = new Entry[64];
    private uint _sequence;

    public int Count { get; private set; }

    /// <param name="what">The caller's meaning of the event.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(long time, uint what)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Count * 2);
        }
        Entry entry = new(time, _sequence++, what);
        Entry[] heap = _heap;
        int hole = Count++;
        while (hole > 0)
        {
            int parent = (hole - 1) >> 2;
            if (!entry.IsBefore(heap[parent]))
            {
                break;
            }
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = entry;
    }

    /// <summary>Takes the next event out.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryPop(out long time, out uint what)
    {
        if (Count == 0)
        {
            (time, what) = (Ticks.Never, 0);
            return false;
        }
        Entry[] heap = _heap;
        (time, what) = (heap[0].Time, heap[0].What);
        int count = --Count, hole = 0;
        Entry last = heap[count];
        while (true)
        {
            int first = 4 * hole + 1;
            if (first >= count)
            {
                break;
            }
            int least = first, end = Math.Min(first + 4, count);
            for (int child = first + 1; child < end; child++)
            {
                if (heap[child].IsBefore(heap[least]))
                {
                    least = child;
                }
            }
            if (!heap[least].IsBefore(last))
            {
                break;
            }
            heap[hole] = heap[least];
            hole = least;
        }
        heap[hole] = last;
        return true;
    }

    private readonly struct Entry(long time, uint sequence, uint what)
    {
        public readonly long Time = time;
        public readonly uint What = what;
        private readonly uint _sequence = sequence;

        // The difference, so that the order survives the sequence's turn after 2^32 events.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool IsBefore(in Entry other) => Time < other.Time || (Time == other.Time && (int)(_sequence - other._sequence) < 0);
    }
}
