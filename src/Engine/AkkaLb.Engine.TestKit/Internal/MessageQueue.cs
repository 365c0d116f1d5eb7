using System.Diagnostics;
using Akka.TestKit;

namespace AkkaLb.Engine.TestKit;

/// <summary>What a test actor has received and the test has not looked at yet.</summary>
internal sealed class MessageQueue
{
    private readonly object gate = new();
    private readonly LinkedList<MessageEnvelope> items = new();
    private TaskCompletionSource? arrival;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return items.Count;
            }
        }
    }

    public void Add(MessageEnvelope item) => Insert(item, first: false);

    /// <summary>Puts back what was taken last.</summary>
    public void PutBack(MessageEnvelope item) => Insert(item, first: true);

    /// <summary>Waits for a message; null when none came in time.</summary>
    /// <param name="sync">Block this thread and return a completed task.</param>
    /// <param name="timeout">How long to wait; negative for ever.</param>
    /// <param name="remove">Take the message out of the queue.</param>
    /// <param name="cancellation">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    public ValueTask<MessageEnvelope?> Next(bool sync, TimeSpan timeout, bool remove, CancellationToken cancellation) =>
        sync ? new ValueTask<MessageEnvelope?>(Block(timeout, remove, cancellation)) : Await(timeout, remove, cancellation);

    private MessageEnvelope? Block(TimeSpan timeout, bool remove, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        using CancellationTokenRegistration registration = cancellation.Register(Pulse);
        lock (gate)
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Look(remove) is { } item)
                {
                    return item;
                }
                TimeSpan left = Left(timeout, start);
                if (left == TimeSpan.Zero)
                {
                    return null;
                }
                Monitor.Wait(gate, left);
            }
        }
    }

    private async ValueTask<MessageEnvelope?> Await(TimeSpan timeout, bool remove, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Task arrived;
            lock (gate)
            {
                if (Look(remove) is { } item)
                {
                    return item;
                }
                arrived = (arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            TimeSpan left = Left(timeout, start);
            if (left == TimeSpan.Zero)
            {
                return null;
            }
            await arrived.WaitAsync(left, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TimeSpan Left(TimeSpan timeout, long start)
    {
        if (timeout < TimeSpan.Zero)
        {
            return Timeout.InfiniteTimeSpan;
        }
        TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
        // Below a millisecond both kinds of wait would return at once and spin.
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left;
    }

    private MessageEnvelope? Look(bool remove)
    {
        MessageEnvelope? item = items.First?.Value;
        if (remove && item is not null)
        {
            items.RemoveFirst();
        }
        return item;
    }

    private void Insert(MessageEnvelope item, bool first)
    {
        lock (gate)
        {
            _ = first ? items.AddFirst(item) : items.AddLast(item);
            Monitor.PulseAll(gate);
            arrival?.SetResult();
            arrival = null;
        }
    }

    private void Pulse()
    {
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }
    }
}
