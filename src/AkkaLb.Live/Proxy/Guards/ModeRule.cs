using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;

namespace AkkaLb.Live.Proxy.Guards;

/// <summary>
/// Whose weights hold: the agent's, unless it has been silent for too long, has lost against the configured ones, or these have a slice of
/// the comparison.
/// </summary>
internal sealed class ModeRule(LearnedOptions options, RunningComparison comparison)
{
    private readonly long _silence = LiveClock.Of(options.Silence), _timeOut = LiveClock.Of(options.Comparison.TimeOut);
    private long _lostUntil = long.MinValue;

    /// <param name="lastWord">When the agent last said something, ticks; before its first word the configured weights hold anyway.</param>
    public (WeightMode Mode, string Reason) Decide(long lastWord, long now)
    {
        if (lastWord != WeightPlane.Never && now - lastWord > _silence)
        {
            return (WeightMode.Fallback, $"no word from the agent for {options.Silence.TotalSeconds:0.#} s");
        }
        if (now < _lostUntil)
        {
            return (WeightMode.Fallback, "the agent lost against the configured weights");
        }
        if (comparison.HasLost(now))
        {
            double? longer = comparison.Standing.Disadvantage;
            string by = $"requests took {longer:P0} longer with the agent's weights than with the configured ones";
            comparison.Reset();
            _lostUntil = now + _timeOut;
            return (WeightMode.Fallback, by);
        }
        return comparison.IsSlice(now)
            ? (WeightMode.Comparison, "a slice of the running comparison")
            : (WeightMode.Learned, "the agent's weights");
    }
}
