using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>What a policy is made of.</summary>
/// <param name="Weights">The configured weight of each server; positive.</param>
/// <param name="Random">The policy's own stream.</param>
/// <param name="Truth">Null where nobody knows the state of all servers; then the global policies cannot be made.</param>
public sealed record PolicyContext(
    IReadOnlyList<double> Weights, RandomStream Random, IProbes Probes, ProbeOptions Probing, IServerTruth? Truth);

/// <summary>How load balancers ask servers for their load.</summary>
public sealed record ProbeOptions
{
    /// <summary>Ticks between two rounds of AWCMP's probes; positive.</summary>
    public long Period { get; init; } = 250 * Ticks.PerMillisecond;

    /// <summary>Policies that do not probe do so too, without effect on their choices; not those that controllers steer.</summary>
    public bool Monitors { get; init; }

    /// <summary>A probe and its reply take together uniformly so many ticks, from and to (exclusive).</summary>
    public (long Low, long High) Delay { get; init; } = (200_000, 2_000_000);

    /// <summary>Ticks after which a probe that has had no reply counts against its server; longer than any delay.</summary>
    public long Patience { get; init; } = Ticks.PerSecond;

    /// <summary>Bytes of a probe and its reply together, for the count of overhead.</summary>
    public int Bytes { get; init; } = 69;
}
