using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Live.Load;

/// <summary>How a load is sent and when it counts.</summary>
public sealed record LoadOptions
{
    /// <summary>When requests are due and what they ask for: the simulator's, so that both can play the same jobs.</summary>
    public required TrafficOptions Traffic { get; init; }

    /// <summary>Requests that are due before it do not count; shorter than the traffic.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A request without an answer after so long is an error.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The 99th percentile of how late requests are sent, above which the run is void.</summary>
    public TimeSpan LateLimit { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The share of the machine's processors in use, above which the run is void; 0 to 1.</summary>
    public double ProcessorLimit { get; init; } = 0.85;

    public ulong Seed { get; init; } = 1;
}
