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
}
