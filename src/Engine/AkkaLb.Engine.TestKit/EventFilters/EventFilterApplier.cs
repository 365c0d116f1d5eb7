using Akka.Actor;
using Akka.TestKit;

namespace AkkaLb.Engine.TestKit;

/// <summary>Applies filters to one actor system.</summary>
internal sealed class EventFilterApplier(TestKitBase kit, ActorSystem system, IReadOnlyList<LogEventFilter> filters)
    : IEventFilterApplier
{
    public EventFilterFactory And => new(kit, system, filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken) => Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken) => Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken) => Expect(1, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken) => Expect(1, timeout, func, cancellationToken);

    public Task ExpectOneAsync(Action action, CancellationToken cancellationToken) => Intercept(false, Completed(action), 1, null, cancellationToken).AsTask();

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken) => ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken) => ExpectAsync(1, timeout, actionAsync, cancellationToken);

    public Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken) => ExpectAsync(1, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken) => ExpectAsync(1, timeout, func, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken) =>
        Intercept(true, Completed(action), expectedCount, null, cancellationToken).GetAwaiter().GetResult();

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken) =>
        Intercept(true, Completed(action), expectedCount, timeout, cancellationToken).GetAwaiter().GetResult();

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken) =>
        Intercept(true, () => new ValueTask<T>(func()), expectedCount, null, cancellationToken).GetAwaiter().GetResult();

    public T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken) =>
        Intercept(true, () => new ValueTask<T>(func()), expectedCount, timeout, cancellationToken).GetAwaiter().GetResult();

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken) =>
        Intercept(false, Untyped(actionAsync), expectedCount, null, cancellationToken).AsTask();

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken) =>
        Intercept(false, Untyped(actionAsync), expectedCount, timeout, cancellationToken).AsTask();

    public Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken) =>
        Intercept(false, () => new ValueTask<T>(func()), expectedCount, null, cancellationToken).AsTask();

    public Task<T> ExpectAsync<T>(int expectedCount, TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken) =>
        Intercept(false, () => new ValueTask<T>(func()), expectedCount, timeout, cancellationToken).AsTask();

    public void Mute(Action action, CancellationToken cancellationToken)
    {
        using IUnmutableFilter muted = Mute();
        action();
    }

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken)
    {
        using IUnmutableFilter muted = Mute();
        return func();
    }

    public async Task MuteAsync(Func<Task> actionAsync, CancellationToken cancellationToken)
    {
        using IUnmutableFilter muted = Mute();
        await actionAsync();
    }

    public async Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken)
    {
        using IUnmutableFilter muted = Mute();
        return await func();
    }

    public IUnmutableFilter Mute()
    {
        system.EventStream.Publish(new MuteEvents(filters));
        return new Muted(system, filters);
    }

    private async ValueTask<T> Intercept<T>(bool sync, Func<ValueTask<T>> block, int expected, TimeSpan? timeout, CancellationToken cancellation)
    {
        TimeSpan limit = timeout is { } given ? kit.Dilated(given) : TestKitExtension.For(system).TestEventFilterLeeway;
        EventCounter counter = new(expected);
        foreach (LogEventFilter filter in filters)
        {
            filter.Matched += counter.Increment;
        }
        using IUnmutableFilter muted = Mute();
        try
        {
            T result = await block();
            await counter.Wait(sync, limit, cancellation);
            int received = counter.Count;
            if (received != expected)
            {
                kit.Reporter.Fail("{0}", $"expected {Events(expected)} that match [{string.Join(" or ", filters)}], but received {received}"
                    + (received < expected ? $" within {TestKitBase.Text(limit)}" : ""));
            }
            return result;
        }
        finally
        {
            foreach (LogEventFilter filter in filters)
            {
                filter.Matched -= counter.Increment;
            }
        }
    }

    private static string Events(int count) => count == 1 ? "1 log event" : $"{count} log events";

    private static Func<ValueTask<bool>> Completed(Action action) => () =>
    {
        action();
        return new ValueTask<bool>(true);
    };

    private static Func<ValueTask<bool>> Untyped(Func<Task> action) => async () =>
    {
        await action();
        return true;
    };

    private sealed class Muted(ActorSystem system, IReadOnlyList<LogEventFilter> filters) : IUnmutableFilter
    {
        private bool unmuted;

        public void Unmute() => Dispose();

        public void Dispose()
        {
            if (!unmuted)
            {
                unmuted = true;
                system.EventStream.Publish(new UnmuteEvents(filters));
            }
        }
    }
}
