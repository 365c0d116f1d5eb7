namespace AkkaLb.Domain.DataCenter.LoadBalancers;

/// <summary>How a load balancer samples what passes through it.</summary>
public sealed record SamplingOptions
{
    /// <summary>K, slots of every reservoir, at least 1.</summary>
    public int Slots { get; init; } = 128;

    /// <summary>What a sample weighs after one second, above 0 to 1.</summary>
    public double DecayPerSecond { get; init; } = 0.9;

    /// <summary>Task durations below this are not taken, ticks.</summary>
    public long ShortestDuration { get; init; } = 10 * Ticks.PerMillisecond;

    /// <summary>Whether the servers' capacities are estimated too, from when connections begin and end.</summary>
    public bool Capacities { get; init; }
}
