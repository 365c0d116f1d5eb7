using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.Randomness;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Guards;

namespace AkkaLb.Live.Tests.Proxy.Guards;

public class RunningComparisonTests
{
    private const long Millisecond = Ticks.PerMillisecond;

    private static readonly ComparisonOptions Options = new() { Slice = TimeSpan.FromSeconds(1), Share = 0.1 };

    [Fact]
    public void HasLost_AgentsRequestsTakeLonger_IsTrueAfterSomePairs()
    {
        RunningComparison comparison = new(Options);
        int cycles = Play(comparison, learned: 140, configured: 100);
        cycles.ShouldBeInRange(RunningComparison.LeastPairs, RunningComparison.LeastPairs + 3);
        comparison.Standing.Disadvantage!.Value.ShouldBe(0.4, 0.2);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(105, 100)]
    [InlineData(60, 100)]
    public void HasLost_AgentIsNoWorseThanTheMargin_IsNeverTrue(int learned, int configured) =>
        Play(new RunningComparison(Options), learned, configured).ShouldBe(-1);

    [Fact]
    public void IsSlice_OfACycle_IsItsShareAndItsEnd()
    {
        RunningComparison comparison = new(Options);
        Enumerable.Range(0, 100).Count(tenth => comparison.IsSlice(tenth * 100 * Millisecond)).ShouldBe(10);
        comparison.IsSlice(19_500 * Millisecond).ShouldBeTrue();
        comparison.IsSlice(20_500 * Millisecond).ShouldBeFalse();
    }

    [Fact]
    public void ModeRule_AgentLost_FallsBackForItsTime()
    {
        LearnedOptions options = new() { Comparison = Options };
        RunningComparison comparison = new(Options);
        ModeRule rule = new(options, comparison);
        RandomStream random = new(3, "durations");
        long now = 0, lost = -1;
        for (; lost < 0; now += 10 * Millisecond)
        {
            WeightMode mode = rule.Decide(now, now).Mode;
            comparison.Count(now, Duration(random, mode == WeightMode.Comparison ? 100 : 200));
            lost = mode == WeightMode.Fallback ? now : -1;
        }
        rule.Decide(lost + 59_000 * Millisecond, lost + 59_000 * Millisecond).Mode.ShouldBe(WeightMode.Fallback);
        rule.Decide(lost + 61_000 * Millisecond, lost + 61_000 * Millisecond).Mode.ShouldBe(WeightMode.Learned);
    }

    [Fact]
    public void IsSlice_Disabled_NeverIs()
    {
        RunningComparison comparison = new(Options with { Enabled = false });
        Enumerable.Range(0, 100).ShouldAllBe(second => !comparison.IsSlice(second * Ticks.PerSecond));
    }

    /// <summary>
    /// A hundred requests a second with exponential durations of these means, milliseconds; the cycle of the verdict, or −1.
    /// </summary>
    private static int Play(RunningComparison comparison, int learned, int configured)
    {
        RandomStream random = new(5, "durations");
        for (int cycle = 0; cycle < 40; cycle++)
        {
            for (int n = 0; n < 1000; n++)
            {
                long now = (cycle * 10_000L + n * 10) * Millisecond;
                bool slice = comparison.IsSlice(now);
                if (comparison.HasLost(now))
                {
                    return cycle;
                }
                comparison.Count(now, Duration(random, slice ? configured : learned));
            }
        }
        return -1;
    }

    private static long Duration(RandomStream random, double mean) => (long)(-Math.Log(1 - random.NextDouble()) * mean * Millisecond);
}
