using Akka.Actor;
using Akka.Configuration;
using Akka.Pattern;
using Akka.TestKit;

namespace Engine.Tests.Pattern;

public sealed class CircuitBreakerTests() : EngineTest(ConfigurationFactory.ParseString(
    "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\""))
{
    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    private static Task<int> Fails() => Task.FromException<int>(new InvalidOperationException("broken"));

    [Fact]
    public async Task Breaker_OpensAfterFailuresInARow_AndTriesOneCallAfterTheTime()
    {
        CircuitBreaker breaker = CircuitBreaker.Create(Sys.Scheduler, 2, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Fails));
        Assert.True(breaker.IsClosed);
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Fails));
        Assert.True(breaker.IsOpen);
        await Assert.ThrowsAsync<OpenCircuitException>(() => breaker.WithCircuitBreaker(() => Task.FromResult(1)));
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(breaker.IsHalfOpen);
        Assert.Equal(1, await breaker.WithCircuitBreaker(() => Task.FromResult(1)));
        Assert.True(breaker.IsClosed);
    }

    [Fact]
    public async Task Backoff_DoublesTheTimeOpen()
    {
        CircuitBreaker breaker = CircuitBreaker.Create(Sys.Scheduler, 1, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10)).WithExponentialBackoff(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Fails));
        Time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Fails));
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(breaker.IsOpen);
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(breaker.IsHalfOpen);
    }
}
