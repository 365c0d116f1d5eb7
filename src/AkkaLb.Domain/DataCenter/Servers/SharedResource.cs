using System.Diagnostics;

namespace AkkaLb.Domain.DataCenter.Servers;

/// <summary>
/// A resource of some width that its jobs share equally: each of n jobs advances at speed·min(1, width/n). All jobs in service have
/// attained equally much per unit of time, so one counter V stands for all of them: a job that enters with work w leaves when V has grown
/// by w. V is an integer of 1/1024 ticks and carries the remainder of its divisions, so nothing drifts.
/// </summary>
internal struct SharedResource(int width)
{
    /// <summary>Units of V in a tick.</summary>
    public const int UnitsPerTick = 1024;

    // V and the most work of one job, 2^60 of these units, together stay below 2^63.
    private const long Rebase = 1L << 62;

    private Entry[] _heap = new Entry[4];
    private long _attained, _updated, _remainder;

    // Of a million jobs of a million seconds each it has more than 64 bits, as products of times, speeds and numbers of jobs have.
    private Int128 _sumOfTargets;
    private int _speed = UnitsPerTick;

    /// <summary>n, jobs in service.</summary>
    public int Count { get; private set; }

    /// <summary>Units of V per tick for a job that does not share, at least 1.</summary>
    public readonly int Speed => _speed;

    /// <summary>Work left of all jobs in service, ticks of a lone job at speed 1.</summary>
    public readonly long Remaining(long now) => (long)((_sumOfTargets - (Int128)Count * AttainedAt(now)) / UnitsPerTick);

    /// <summary>The time of the next completion; <see cref="Ticks.Never"/> when idle.</summary>
    public readonly long NextCompletion
    {
        get
        {
            if (Count == 0)
            {
                return Ticks.Never;
            }
            long missing = Math.Max(0, _heap[0].Target - _attained);
            long wait = Count <= width
                ? (missing + _speed - 1) / _speed
                : Divide(missing, Count, (long)_speed * width - 1 - _remainder, (long)_speed * width);
            return _updated + Math.Min(wait, Ticks.Never - _updated);
        }
    }

    /// <summary>Brings V to a time that is not before the last.</summary>
    public void Advance(long now)
    {
        if (Count == 0)
        {
            (_attained, _remainder, _sumOfTargets) = (0, 0, 0);
        }
        else if (Count <= width)
        {
            _attained += (now - _updated) * _speed;
        }
        else
        {
            long each = Divide(now - _updated, (long)_speed * width, _remainder, Count);
            _attained += each;
            // The product may overflow, the difference is right all the same.
            _remainder = unchecked((now - _updated) * ((long)_speed * width) + _remainder - each * Count);
        }
        _updated = now;
        if (_attained > Rebase)
        {
            MoveOrigin();
        }
    }

    public void SetSpeed(long now, int speed)
    {
        Advance(now);
        (_speed, _remainder) = (speed, 0);
    }

    /// <summary>Takes a job into service; the resource must have been advanced to now.</summary>
    /// <param name="work">Ticks of a lone job at speed 1.</param>
    public void Add(int job, long work)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Count * 2);
        }
        long target = _attained + work * UnitsPerTick;
        _sumOfTargets += target;
        _remainder = 0;
        int hole = Count++;
        Entry[] heap = _heap;
        while (hole > 0)
        {
            int parent = (hole - 1) / 2;
            if (heap[parent].Target <= target)
            {
                break;
            }
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = new Entry(target, job);
    }

    /// <summary>Removes the job with the least work left if that is none; the resource must have been advanced to now.</summary>
    /// <returns>The job, or −1.</returns>
    public int TakeCompleted()
    {
        if (Count == 0 || _heap[0].Target > _attained)
        {
            return -1;
        }
        Entry[] heap = _heap;
        int job = heap[0].Job;
        _sumOfTargets -= heap[0].Target;
        _remainder = 0;
        Entry last = heap[--Count];
        int hole = 0;
        while (true)
        {
            int child = 2 * hole + 1;
            if (child >= Count)
            {
                break;
            }
            if (child + 1 < Count && heap[child + 1].Target < heap[child].Target)
            {
                child++;
            }
            if (heap[child].Target >= last.Target)
            {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = last;
        return job;
    }

    /// <summary>A job in service, by its place in no particular order.</summary>
    public readonly int Job(int place) => _heap[place].Job;

    /// <summary>Work left of a job in service, in ticks.</summary>
    public readonly long Remaining(int place, long now) => Math.Max(0, _heap[place].Target - AttainedAt(now)) / UnitsPerTick;

    /// <summary>Drops all jobs.</summary>
    public void Clear(long now)
    {
        Count = 0;
        Advance(now);
    }

    private readonly long AttainedAt(long now)
    {
        Debug.Assert(now >= _updated, "time runs forwards");
        return Count == 0 ? 0
            : Count <= width ? _attained + (now - _updated) * _speed
            : _attained + Divide(now - _updated, (long)_speed * width, _remainder, Count);
    }

    /// <summary>(a·b + c)/d without overflow on the way; above 64 bits, the largest number.</summary>
    private static long Divide(long a, long b, long c, long d)
    {
        long high = Math.BigMul(a, b, out long low);
        if (high == 0 && low is >= 0 and < long.MaxValue / 2)
        {
            return (low + c) / d;
        }
        Int128 quotient = ((Int128)a * b + c) / d;
        return quotient > long.MaxValue ? long.MaxValue : (long)quotient;
    }

    /// <summary>Counts V from 0 again, which a resource that is never idle would carry beyond 64 bits.</summary>
    private void MoveOrigin()
    {
        for (int k = 0; k < Count; k++)
        {
            _heap[k] = _heap[k] with { Target = _heap[k].Target - _attained };
        }
        _sumOfTargets -= (Int128)Count * _attained;
        _attained = 0;
    }

    private readonly record struct Entry(long Target, int Job);
}
