using Akka.TestKit.Internal;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private TimeSpan? end;
    private bool lastWasNoMessage;

    /// <summary>What is left of the surrounding Within.</summary>
    /// <exception cref="InvalidOperationException">There is none, or its time is over.</exception>
    public TimeSpan Remaining
    {
        get
        {
            if (end is not { } limit)
            {
                throw new InvalidOperationException("Remaining may not be called outside of Within");
            }
            TimeSpan left = limit - Now;
            return left >= TimeSpan.Zero ? left : throw new InvalidOperationException($"the surrounding Within is over since {Text(-left)}");
        }
    }

    /// <summary>What is left of the surrounding Within, or <c>akka.test.single-expect-default</c>.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    /// <summary>What is left of the surrounding Within, or <paramref name="duration"/>.</summary>
    public TimeSpan RemainingOr(TimeSpan duration) => end is { } limit ? Max(limit - Now, TimeSpan.Zero) : duration;

    /// <summary>The duration stretched, or what is left of the surrounding Within, or the default.</summary>
    /// <exception cref="ArgumentException">The duration is infinite or negative.</exception>
    public TimeSpan RemainingOrDilated(TimeSpan? duration) =>
        duration is not { } given ? RemainingOrDefault
        : given >= TimeSpan.Zero ? Dilated(given)
        : throw new ArgumentException("the duration must be finite and not negative", nameof(duration));

    /// <summary>Runs a block that must end within <paramref name="max"/>.</summary>
    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must take between <paramref name="min"/> and <paramref name="max"/>.</summary>
    public void Within(TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(min, max, () =>
        {
            action();
            return true;
        }, hint, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must end within <paramref name="max"/>.</summary>
    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must take between <paramref name="min"/> and <paramref name="max"/>.</summary>
    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinCore(min, max, () => new ValueTask<T>(function()), hint, epsilonValue, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Runs a block that must end within <paramref name="max"/>.</summary>
    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must take between <paramref name="min"/> and <paramref name="max"/>.</summary>
    public Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(min, max, async () =>
        {
            await actionAsync();
            return true;
        }, hint, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must end within <paramref name="max"/>.</summary>
    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must take between <paramref name="min"/> and <paramref name="max"/>.</summary>
    public Task<T> WithinAsync<T>(TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinCore(min, max, () => new ValueTask<T>(function()), hint, epsilonValue, cancellationToken).AsTask();

    private async ValueTask<T> WithinCore<T>(TimeSpan min, TimeSpan max, Func<ValueTask<T>> block, string? hint, TimeSpan? epsilon, CancellationToken cancellation)
    {
        min.EnsureIsPositiveFinite(nameof(min));
        max.EnsureIsPositiveFinite(nameof(max));
        cancellation.ThrowIfCancellationRequested();
        TimeSpan start = Now;
        TimeSpan? outer = end;
        TimeSpan left = outer is { } limit ? limit - start : TimeSpan.MaxValue;
        if (left < min)
        {
            Fail($"a block of at least {Text(min)} does not fit into the {Text(left)} that are left of the surrounding Within", hint);
        }
        TimeSpan longest = Min(Dilated(max), left);
        lastWasNoMessage = false;
        end = start + longest;
        T result;
        try
        {
            result = await block();
        }
        finally
        {
            end = outer;
        }
        TimeSpan took = Now - start;
        if (took < min)
        {
            Fail($"the block took {Text(took)}; expected at least {Text(min)}", hint);
        }
        // Expecting no message takes all the time there is, so its block may end late.
        if (!lastWasNoMessage && took > longest + (epsilon ?? TimeSpan.Zero))
        {
            Fail($"the block took {Text(took)}; expected at most {Text(longest)}", hint);
        }
        return result;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
