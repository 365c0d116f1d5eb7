using System.Runtime.InteropServices;

namespace AkkaLb.Live.Timing;

/// <summary>The system's time, with timers that are late by a tenth of a millisecond instead of several.</summary>
/// <remarks>
/// .NET's own timers go by a clock that the kernel moves on every 4 ms where it ticks 250 times a second: service times of 20 ms would be
/// a fifth too long, and requests would be sent in bursts. Here one thread waits for the next timer and runs callbacks itself: they must
/// be short.
/// </remarks>
public sealed partial class PreciseTimeProvider : TimeProvider, IDisposable
{
    private readonly object _lock = new();
    private readonly PriorityQueue<(PreciseTimer Timer, int Version), long> _due = new();
    private bool _disposed;

    public PreciseTimeProvider() => new Thread(Run) { IsBackground = true, Name = "precise timers" }.Start();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        PreciseTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Monitor.Pulse(_lock);
        }
    }

    private void Run()
    {
        Monitor.Enter(_lock);
        while (!_disposed)
        {
            if (!_due.TryPeek(out (PreciseTimer Timer, int Version) next, out long at))
            {
                Monitor.Wait(_lock);
                continue;
            }
            TimeSpan left = GetElapsedTime(GetTimestamp(), at);
            if (next.Version != next.Timer.Version || left <= TimeSpan.Zero)
            {
                _due.Dequeue();
                if (next.Version == next.Timer.Version)
                {
                    next.Timer.Repeat(at);
                    Monitor.Exit(_lock);
                    next.Timer.Fire();
                    Monitor.Enter(_lock);
                }
            }
            else if (left >= TimeSpan.FromMilliseconds(1) || OperatingSystem.IsWindows())
            {
                Monitor.Wait(_lock, (int)Math.Clamp(Math.Floor(left.TotalMilliseconds), 1, int.MaxValue));
            }
            else
            {
                // Monitor counts whole milliseconds. A timer that is set meanwhile is late by what is slept here at most.
                Monitor.Exit(_lock);
                TimeSpec rest = new() { Nanoseconds = (nint)left.Ticks * 100 };
                _ = NanoSleep(in rest, IntPtr.Zero);
                Monitor.Enter(_lock);
            }
        }
        Monitor.Exit(_lock);
    }

    private void Schedule(PreciseTimer timer, long at)
    {
        lock (_lock)
        {
            _due.Enqueue((timer, ++timer.Version), at);
            Monitor.Pulse(_lock);
        }
    }

    private long After(long from, TimeSpan time) => from + (long)(time.TotalSeconds * TimestampFrequency);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec time, IntPtr remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    private sealed class PreciseTimer(PreciseTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>Entries of the queue with another one are of what was changed since.</summary>
        public int Version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                Cancel();
                return true;
            }
            owner.Schedule(this, owner.After(owner.GetTimestamp(), dueTime));
            return true;
        }

        public void Fire() => callback(state);

        public void Repeat(long at)
        {
            if (_period > TimeSpan.Zero)
            {
                owner.Schedule(this, owner.After(at, _period));
            }
        }

        public void Dispose() => Cancel();

        public ValueTask DisposeAsync()
        {
            Cancel();
            return ValueTask.CompletedTask;
        }

        private void Cancel()
        {
            lock (owner._lock)
            {
                Version++;
            }
        }
    }
}
