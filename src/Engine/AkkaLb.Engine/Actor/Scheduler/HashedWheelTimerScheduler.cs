using System.Diagnostics;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Actor;

/// <summary>The real-time scheduler: one thread that sleeps until the next entry is due.</summary>
/// <remarks>
/// The name is Akka.NET's, so that configurations fit both. Entries are in a heap by due time; cancelled ones are dropped
/// when due, or together once they could be the half. Messages are sent and code is called on the scheduler's thread.
/// </remarks>
public class HashedWheelTimerScheduler : SchedulerBase, IDisposable
{
    private readonly PriorityQueue<TimerEntry, (long Due, long Number)> _entries = new();
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly TimeSpan _shutdownTimeout;
    private Thread? _thread;
    private long _number;
    private long _nextDue = long.MaxValue;
    private int _purgeAt = 1024;
    private bool _stopped;

    /// <summary>A scheduler; its thread starts with the first entry.</summary>
    public HashedWheelTimerScheduler(Config scheduler, ILoggingAdapter log) : base(scheduler, log) =>
        _shutdownTimeout = scheduler.GetTimeSpan("akka.scheduler.shutdown-timeout", TimeSpan.FromSeconds(5));

    /// <inheritdoc />
    protected override DateTimeOffset TimeNow => SystemClock.UtcNow;

    /// <inheritdoc />
    public override TimeSpan MonotonicClock => SystemClock.Monotonic;

    /// <inheritdoc />
    public override TimeSpan HighResMonotonicClock => SystemClock.Monotonic;

    /// <inheritdoc />
    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(new TellEntry(receiver, message, sender, cancelable), delay, TimeSpan.Zero);

    /// <inheritdoc />
    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(new TellEntry(receiver, message, sender, cancelable), initialDelay, interval);

    /// <inheritdoc />
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(new ActionEntry(action, cancelable), delay, TimeSpan.Zero);

    /// <inheritdoc />
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Add(new ActionEntry(action.Run, cancelable), delay, TimeSpan.Zero);

    /// <inheritdoc />
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(new ActionEntry(action, cancelable), initialDelay, interval);

    /// <inheritdoc />
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Add(new ActionEntry(action.Run, cancelable), initialDelay, interval);

    /// <summary>Ends the thread; entries that are not due are dropped.</summary>
    public void Dispose()
    {
        Thread? thread;
        lock (_lock)
        {
            _stopped = true;
            _entries.Clear();
            thread = _thread;
        }
        _wake.Set();
        if (thread is not null && thread != Thread.CurrentThread) { thread.Join(_shutdownTimeout); }
        GC.SuppressFinalize(this);
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private void Add(TimerEntry entry, TimeSpan delay, TimeSpan interval)
    {
        entry.Interval = Ticks(interval);
        entry.Due = Stopwatch.GetTimestamp() + Ticks(delay);
        lock (_lock)
        {
            if (_stopped) { throw new SchedulerException("Cannot schedule: the scheduler has been shut down"); }
            if (_entries.Count >= _purgeAt) { Purge(); }
            _entries.Enqueue(entry, (entry.Due, _number++));
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "akka.scheduler" };
                _thread.Start();
            }
            if (entry.Due >= _nextDue) { return; }
            _nextDue = entry.Due;
        }
        _wake.Set();
    }

    private void Purge()
    {
        List<(TimerEntry Element, (long Due, long Number) Priority)> alive =
            _entries.UnorderedItems.Where(item => !item.Element.IsCancelled).ToList();
        _entries.Clear();
        _entries.EnqueueRange(alive);
        _purgeAt = Math.Max(1024, alive.Count * 2);
    }

    private void Run()
    {
        while (true)
        {
            TimerEntry? due = null;
            int wait = Timeout.Infinite;
            lock (_lock)
            {
                if (_stopped) { return; }
                _nextDue = long.MaxValue;
                if (_entries.TryPeek(out TimerEntry? next, out _))
                {
                    long left = next.Due - Stopwatch.GetTimestamp();
                    if (left <= 0 || next.IsCancelled) { due = _entries.Dequeue(); }
                    else
                    {
                        _nextDue = next.Due;
                        wait = (int)Math.Min(int.MaxValue, (left * 1000 / Stopwatch.Frequency) + 1);
                    }
                }
            }
            if (due is null) { _wake.WaitOne(wait); }
            else { Fire(due); }
        }
    }

    private void Fire(TimerEntry entry)
    {
        if (entry.IsCancelled) { return; }
        try
        {
            entry.Fire();
        }
        catch (Exception e)
        {
            Log.Error(e, "Scheduled work failed: {0}", entry);
        }
        if (entry.Interval == 0 || entry.IsCancelled) { return; }
        entry.Due += entry.Interval;
        lock (_lock)
        {
            if (!_stopped) { _entries.Enqueue(entry, (entry.Due, _number++)); }
        }
    }
}
