using AkkaLb.Domain.DataCenter;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Guards;

namespace AkkaLb.Live.Tests.Proxy.Guards;

/// <summary>Rules of a few lines each.</summary>
public class GuardTests
{
    [Fact]
    public void ModeRule_SilentAgent_FallsBackUntilItSpeaks()
    {
        LearnedOptions options = new() { Comparison = new ComparisonOptions { Enabled = false } };
        ModeRule rule = new(options, new RunningComparison(options.Comparison));
        rule.Decide(lastWord: 0, now: 5 * Ticks.PerSecond).Mode.ShouldBe(WeightMode.Learned);
        (WeightMode mode, string reason) = rule.Decide(lastWord: 0, now: 5 * Ticks.PerSecond + 1);
        mode.ShouldBe(WeightMode.Fallback);
        reason.ShouldBe("no word from the agent for 5 s");
        rule.Decide(lastWord: 6 * Ticks.PerSecond, now: 6 * Ticks.PerSecond).Mode.ShouldBe(WeightMode.Learned);
    }

    /// <summary>The file has a shorter hold from now on: what fails then does not wait for what failed before.</summary>
    [Fact]
    public void FailureHold_ShorterThanBefore_FreesWhatItKeepsFromThenOnInItsTime()
    {
        FailureHold hold = new() { Duration = 60 * Ticks.PerSecond };
        Reservation first = new(new ServerSlot("a", 0), null!, 1, 0, 0, IsObserved: true), second = first with { Number = 2 };
        hold.Keep(first, now: 0).ShouldBeTrue();
        hold.Duration = Ticks.PerSecond;
        hold.Keep(second, now: 0).ShouldBeTrue();
        hold.TryFree(Ticks.PerSecond, out Reservation freed).ShouldBeTrue();
        freed.Number.ShouldBe(2);
        hold.TryFree(59 * Ticks.PerSecond, out _).ShouldBeFalse();
        hold.TryFree(60 * Ticks.PerSecond, out freed).ShouldBeTrue();
        freed.Number.ShouldBe(1);
    }
}
