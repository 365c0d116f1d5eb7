namespace AkkaLb.Live.Timing;

/// <summary>Work that is done again and again, in a period.</summary>
internal static class Rounds
{
    /// <summary>
    /// Repeats a round until it is told to stop. One round less is better than none from now on: one that fails is told of and followed by
    /// the next, and what goes on failing is told of once.
    /// </summary>
    public static async Task RepeatAsync(
        TimeSpan period, TimeProvider time, Func<CancellationToken, Task> round, Action<Exception> failed, CancellationToken stop)
    {
        // Off the thread that starts it, which has more to start.
        await Task.Yield();
        string? failure = null;
        using PeriodicTimer timer = new(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                try
                {
                    await round(stop);
                    failure = null;
                }
                catch (Exception e) when (!stop.IsCancellationRequested)
                {
                    if (failure != e.Message)
                    {
                        failed(e);
                    }
                    failure = e.Message;
                }
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // It ends.
        }
    }
}
