using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose time stands still until a test advances it. What is due is done on the advancing thread, in order of
/// time and then of scheduling, each at its own time: a repeated item fires as often as its interval fits.
/// </summary>
/// <remarks>Select it with <c>akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"</c>.</remarks>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly object gate = new();
    private readonly PriorityQueue<Item, (DateTimeOffset Due, long Number)> items = new();
    private readonly DateTimeOffset start = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private DateTimeOffset now;
    private long count;

    /// <summary>Made by the actor system.</summary>
    public TestScheduler(Config schedulerConfig, ILoggingAdapter log) => now = start;

    private sealed record Item(Action Run, ICancelable? Cancelable, TimeSpan? Interval);

    /// <summary>The time that the test has advanced to.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (gate)
            {
                return now;
            }
        }
    }

    /// <inheritdoc/>
    public TimeSpan MonotonicClock => Now - start;

    /// <inheritdoc/>
    public TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    public IAdvancedScheduler Advanced => this;

    /// <summary>Lets time pass and does everything that becomes due.</summary>
    public void Advance(TimeSpan offset) => AdvanceTo(Now + offset);

    /// <summary>Lets time pass until <paramref name="when"/> and does everything that becomes due.</summary>
    /// <exception cref="InvalidOperationException"><paramref name="when"/> has passed.</exception>
    public void AdvanceTo(DateTimeOffset when)
    {
        lock (gate)
        {
            if (when < now)
            {
                throw new InvalidOperationException($"time can not go back from {now:O} to {when:O}");
            }
        }
        while (TakeDue(when) is { } item)
        {
            // Outside the lock: it may schedule, and an actor on a calling-thread dispatcher runs in here.
            item.Run();
        }
    }

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        Add(delay, null, () => receiver.Tell(message, sender), null);

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), null);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, null, action, null);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(delay, null, action, cancelable);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => Add(initialDelay, interval, action, null);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, interval, action, cancelable);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, IRunnable action) => Add(delay, null, action.Run, null);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) => Add(delay, null, action.Run, cancelable);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) => Add(initialDelay, interval, action.Run, null);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Add(initialDelay, interval, action.Run, cancelable);

    private void Add(TimeSpan delay, TimeSpan? interval, Action run, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval ?? TimeSpan.MaxValue, TimeSpan.Zero);
        lock (gate)
        {
            items.Enqueue(new Item(run, cancelable, interval), (now + delay, count++));
        }
    }

    private Item? TakeDue(DateTimeOffset when)
    {
        lock (gate)
        {
            while (items.TryPeek(out Item? item, out (DateTimeOffset Due, long Number) at) && at.Due <= when)
            {
                items.Dequeue();
                if (item.Cancelable?.IsCancellationRequested == true)
                {
                    continue;
                }
                now = at.Due > now ? at.Due : now;
                if (item.Interval is { } interval)
                {
                    items.Enqueue(item, (at.Due + interval, count++));
                }
                return item;
            }
            now = when > now ? when : now;
            return null;
        }
    }
}
