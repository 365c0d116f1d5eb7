using AkkaLb.Live.TestServers;
using Microsoft.Extensions.Time.Testing;

namespace AkkaLb.Live.Tests.TestServers;

public class TimedWorkTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Run_AtSpeedHalf_TakesTwiceTheTime()
    {
        Task work = new TimedWork(0.5, _time).RunAsync(TimeSpan.FromMilliseconds(50), default);

        _time.Advance(TimeSpan.FromMilliseconds(99));
        work.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await work;
    }

    [Fact]
    public async Task SetSpeed_WorkGoesOn_StretchesWhatIsLeft()
    {
        TimedWork server = new(1, _time);
        Task work = server.RunAsync(TimeSpan.FromMilliseconds(100), default);
        _time.Advance(TimeSpan.FromMilliseconds(60));
        server.SetSpeed(0.5);

        _time.Advance(TimeSpan.FromMilliseconds(79));
        work.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await work;
    }

    [Fact]
    public async Task SetSpeed_Twice_KeepsWhatWasDone()
    {
        TimedWork server = new(1, _time);
        Task work = server.RunAsync(TimeSpan.FromMilliseconds(100), default);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        server.SetSpeed(2);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        server.SetSpeed(0.5);

        _time.Advance(TimeSpan.FromMilliseconds(79));
        work.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await work;
    }

    [Fact]
    public async Task Run_NoWork_IsDoneAtOnce() => await new TimedWork(1, _time).RunAsync(TimeSpan.Zero, default);

    [Fact]
    public async Task Run_Cancelled_Ends()
    {
        using CancellationTokenSource gone = new();
        Task work = new TimedWork(1, _time).RunAsync(TimeSpan.FromSeconds(1), gone.Token);
        gone.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(work);
    }
}
