using AkkaLb.Live.Tests.Proxy;
using AkkaLb.Live.Timing;

namespace AkkaLb.Live.Tests.Timing;

public class RoundsTests
{
    [Fact]
    public async Task RepeatAsync_RoundsThatFail_AreFollowedByOthersAndToldOfOnce()
    {
        using CancellationTokenSource stop = new();
        int rounds = 0;
        List<string> told = [];
        Task running = Rounds.RepeatAsync(
            TimeSpan.FromMilliseconds(1), TimeProvider.System,
            _ => ++rounds switch
            {
                1 or 2 or 5 => throw new InvalidOperationException("one"),
                // As a request that was not answered in time.
                3 => throw new TaskCanceledException("another"),
                _ => Task.CompletedTask,
            },
            failure => told.Add(failure.Message), stop.Token);
        await Until.HoldsAsync(() => Task.FromResult(Volatile.Read(ref rounds) > 6));
        await stop.CancelAsync();
        await running;
        // The fifth comes after one that went well.
        told.ShouldBe(["one", "another", "one"]);
    }
}
