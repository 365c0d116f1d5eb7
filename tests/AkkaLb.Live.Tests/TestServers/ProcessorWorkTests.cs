using AkkaLb.Live.TestServers;

namespace AkkaLb.Live.Tests.TestServers;

public class ProcessorWorkTests
{
    [Fact]
    public async Task Run_Work_ComesToItsEnd() =>
        await new ProcessorWork(speed: 1, iterationsPerSecond: 1_000_000).RunAsync(TimeSpan.FromMilliseconds(50), default);

    [Fact]
    public async Task Run_Cancelled_Ends()
    {
        using CancellationTokenSource gone = new();
        Task work = new ProcessorWork(1, 1e12).RunAsync(TimeSpan.FromHours(1), gone.Token);
        gone.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(work);
    }

    [Fact]
    public void Measure_ThisProcessor_IsPositive() => ProcessorWork.Measure(TimeProvider.System).ShouldBeGreaterThan(0);
}
