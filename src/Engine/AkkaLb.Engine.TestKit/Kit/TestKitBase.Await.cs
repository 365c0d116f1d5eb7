using System.Runtime.ExceptionServices;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Repeats an assertion until it no longer throws; when time is over its last exception is thrown.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertCore(true, Completed(assertion), duration, interval, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Repeats an assertion until it no longer throws; when time is over its last exception is thrown.</summary>
    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertCore(false, Completed(assertion), duration, interval, cancellationToken);

    /// <summary>Repeats an assertion until it no longer throws; when time is over its last exception is thrown.</summary>
    public Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertCore(false, assertion, duration, interval, cancellationToken);

    /// <summary>Waits until a condition holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until a condition holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <summary>Waits until a condition holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="conditionIsFulfilled">The condition; asked until it holds.</param>
    /// <param name="max">How long to wait.</param>
    /// <param name="interval">How long to pause between two questions; 100 ms by default.</param>
    /// <param name="message">What to say when it does not come to hold.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionCore(true, Completed(conditionIsFulfilled), max, interval, message, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Waits until a condition holds.</summary>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until a condition holds.</summary>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <summary>Waits until a condition holds.</summary>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionCore(false, Completed(conditionIsFulfilled), max, interval, message, cancellationToken);

    /// <summary>Waits until a condition holds.</summary>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until a condition holds.</summary>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <summary>Waits until a condition holds.</summary>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <summary>Waits until a condition holds.</summary>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionCore(false, conditionIsFulfilled, max, interval, message, cancellationToken);

    /// <summary>Waits until a condition holds; false when it did not come to hold in time.</summary>
    public bool AwaitConditionNoThrow(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Poll(true, Completed(conditionIsFulfilled), max, interval, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Waits until a condition holds; false when it did not come to hold in time.</summary>
    public Task<bool> AwaitConditionNoThrowAsync(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Poll(false, Completed(conditionIsFulfilled), max, interval, cancellationToken);

    /// <summary>Waits until a condition holds; false when it did not come to hold in time.</summary>
    public Task<bool> AwaitConditionNoThrowAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Poll(false, conditionIsFulfilled, max, interval, cancellationToken);

    private async Task AwaitAssertCore(bool sync, Func<Task> assertion, TimeSpan? duration, TimeSpan? interval, CancellationToken cancellation)
    {
        ExceptionDispatchInfo? last = null;
        bool passed = await Poll(sync, Try, RemainingOrDilated(duration), interval, cancellation);
        if (!passed)
        {
            last!.Throw();
        }

        async Task<bool> Try()
        {
            try
            {
                await assertion();
                return true;
            }
            catch (Exception e)
            {
                last = ExceptionDispatchInfo.Capture(e);
                return false;
            }
        }
    }

    private async Task AwaitConditionCore(bool sync, Func<Task<bool>> condition, TimeSpan? max, TimeSpan? interval, string? message, CancellationToken cancellation)
    {
        TimeSpan limit = RemainingOrDilated(max);
        if (!await Poll(sync, condition, limit, interval, cancellation))
        {
            Fail($"the condition did not come to hold within {Text(limit)}", message);
        }
    }

    /// <summary>Asks at once, then after every interval, and a last time when time is over.</summary>
    private static async Task<bool> Poll(bool sync, Func<Task<bool>> condition, TimeSpan max, TimeSpan? interval, CancellationToken cancellation)
    {
        TimeSpan stop = Now + max;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await condition())
            {
                return true;
            }
            TimeSpan left = stop - Now;
            if (left <= TimeSpan.Zero)
            {
                return false;
            }
            TimeSpan pause = Min(Dwell(interval), left);
            if (sync)
            {
                cancellation.WaitHandle.WaitOne(pause);
            }
            else
            {
                await Task.Delay(pause, cancellation);
            }
        }
    }

    private static TimeSpan Dwell(TimeSpan? interval) => interval is { } given && given > TimeSpan.Zero ? given : PollInterval;

    private static Func<Task> Completed(Action action) => () =>
    {
        action();
        return Task.CompletedTask;
    };

    private static Func<Task<bool>> Completed(Func<bool> condition) => () => Task.FromResult(condition());
}
