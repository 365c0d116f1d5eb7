using System.Diagnostics;

namespace AkkaLb.Engine.TestKit;

/// <summary>Counts events, and waits until there are enough.</summary>
internal sealed class EventCounter
{
    private readonly object gate = new();
    private readonly TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int threshold;
    private int count;

    /// <summary>Waits for <paramref name="threshold"/> events, at least one.</summary>
    public EventCounter(int threshold) => this.threshold = Math.Max(threshold, 1);

    public int Count
    {
        get
        {
            lock (gate)
            {
                return count;
            }
        }
    }

    public void Increment()
    {
        lock (gate)
        {
            if (++count == threshold)
            {
                enough.SetResult();
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>Waits until the threshold is reached or time is over.</summary>
    public async ValueTask Wait(bool sync, TimeSpan timeout, CancellationToken cancellation)
    {
        if (!sync)
        {
            await enough.Task.WaitAsync(timeout, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellation.ThrowIfCancellationRequested();
            return;
        }
        long start = Stopwatch.GetTimestamp();
        lock (gate)
        {
            for (TimeSpan left = timeout; count < threshold && left > TimeSpan.Zero; left = timeout - Stopwatch.GetElapsedTime(start))
            {
                Monitor.Wait(gate, left);
            }
        }
    }
}
