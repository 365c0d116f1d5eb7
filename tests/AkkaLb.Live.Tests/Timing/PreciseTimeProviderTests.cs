using System.Collections.Concurrent;
using AkkaLb.Live.Timing;

namespace AkkaLb.Live.Tests.Timing;

public sealed class PreciseTimeProviderTests : IDisposable
{
    private readonly PreciseTimeProvider _time = new();

    public void Dispose() => _time.Dispose();

    [Fact]
    public async Task Timers_SetInAnyOrder_AllFireAndNoneBeforeItsTime()
    {
        ConcurrentQueue<int> fired = new();
        bool early = false;
        long started = _time.GetTimestamp();
        foreach (int milliseconds in (int[])[30, 10, 20, 0])
        {
            _time.CreateTimer(
                _ =>
                {
                    early |= _time.GetElapsedTime(started) < TimeSpan.FromMilliseconds(milliseconds);
                    fired.Enqueue(milliseconds);
                },
                null, TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }

        await Eventually.BecomesTrue(() => fired.Count == 4, "all have fired");
        fired.ShouldBe([0, 10, 20, 30], ignoreOrder: true);
        early.ShouldBeFalse();
    }

    [Fact]
    public async Task Timer_ChangedOrDisposed_FiresAsItWasLastTold()
    {
        ConcurrentQueue<string> fired = new();
        ITimer Timer(string name, int milliseconds) =>
            _time.CreateTimer(_ => fired.Enqueue(name), null, TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        ITimer sooner = Timer("sooner", 3_600_000), stopped = Timer("stopped", 300), gone = Timer("gone", 300);
        sooner.Change(TimeSpan.FromMilliseconds(10), Timeout.InfiniteTimeSpan);
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        gone.Dispose();
        Timer("end", 400);

        await Eventually.BecomesTrue(() => fired.Contains("end"), "the last has fired");
        fired.ShouldBe(["sooner", "end"]);
    }

    [Fact]
    public async Task Timer_WithAPeriod_FiresUntilItIsDisposed()
    {
        int fired = 0;
        ITimer timer = _time.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        await Eventually.BecomesTrue(() => Volatile.Read(ref fired) >= 3, "it has fired three times");
        timer.Dispose();
    }

    [Fact]
    public async Task Wait_Cancelled_EndsWithoutAnException()
    {
        using CancellationTokenSource stop = new();
        ValueTask wait = _time.WaitAsync(TimeSpan.FromHours(1), stop.Token);
        stop.Cancel();
        await wait;
    }
}
