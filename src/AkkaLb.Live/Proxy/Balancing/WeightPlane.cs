using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>Whose weights hold.</summary>
internal enum WeightMode
{
    /// <summary>The configured ones, as the policy is another than learned.</summary>
    Configured,

    /// <summary>The agent's.</summary>
    Learned,

    /// <summary>The configured ones, for a slice of the running comparison.</summary>
    Comparison,

    /// <summary>The configured ones, as the agent is silent or has lost.</summary>
    Fallback,
}

/// <summary>Where the agent puts its weights, by one atomic swap, and those who pick servers find them.</summary>
internal sealed class WeightPlane(LiveClock clock) : IWeightSink
{
    /// <summary>Of <see cref="LastWord"/>: the agent has said nothing yet, and what it decides has never held.</summary>
    public const long Never = -1;

    private LiveDecision _decision = LiveDecision.None;
    private long _lastWord = Never;

    /// <summary>The last one; an immutable value.</summary>
    public LiveDecision Decision => Volatile.Read(ref _decision);

    /// <summary>When the agent last said something, ticks, or <see cref="Never"/>.</summary>
    public long LastWord => Volatile.Read(ref _lastWord);

    public void Publish(LiveDecision decision)
    {
        Volatile.Write(ref _decision, decision);
        Confirm();
    }

    public void Confirm() => Volatile.Write(ref _lastWord, clock.Now);
}
