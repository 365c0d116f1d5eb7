namespace AkkaLb.Live.Timing;

/// <summary>
/// Waiting with the precision of a time provider's timers, where <see cref="Task.Delay(TimeSpan, TimeProvider)"/> cuts to milliseconds.
/// </summary>
internal static class Waits
{
    /// <summary>Ends when the time is over or it was cancelled, without an exception.</summary>
    public static async ValueTask WaitAsync(this TimeProvider time, TimeSpan wait, CancellationToken cancellation)
    {
        if (wait <= TimeSpan.Zero || cancellation.IsCancellationRequested)
        {
            return;
        }
        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ITimer timer = time.CreateTimer(End, over, wait, Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration stop = cancellation.UnsafeRegister(End, over);
        await over.Task;
    }

    private static void End(object? waiting) => ((TaskCompletionSource)waiting!).TrySetResult();
}
