using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>A data centre: traffic, load balancers, servers, and what happens to them; everything but the policy.</summary>
public sealed record DataCenterModel
{
    public required IReadOnlyList<ServerOptions> Servers { get; init; }

    /// <summary>M, at least 1.</summary>
    public required int LoadBalancers { get; init; }

    public required TrafficOptions Traffic { get; init; }

    /// <summary>The weights that load balancers are configured with; positive.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>In order of time.</summary>
    public IReadOnlyList<CapacityChange> Changes { get; init; } = [];

    /// <summary>Ticks until load balancers notice that a server fails or returns, where they do not check its health.</summary>
    public long DetectionDelay { get; init; } = Ticks.PerSecond;

    /// <summary>What load balancers do about servers that fail.</summary>
    public FailureOptions Failures { get; init; } = new();

    public ProbeOptions Probing { get; init; } = new();

    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Δt, ticks between moments of control; positive.</summary>
    public long ControlPeriod { get; init; } = Ticks.PerSecond / 2;

    /// <summary>Ticks between samples of the servers' loads; 0 for none.</summary>
    public long SampleInterval { get; init; }

    /// <summary>When a load balancer begins to check the servers' health: one after the other within the interval. Ticks.</summary>
    public long FirstCheck(int loadBalancer) => Failures.Health!.Interval / LoadBalancers * loadBalancer;

    /// <summary>H: the last moment of control is at H·Δt, at or before the end of arrivals.</summary>
    public int LastMoment => (int)(Traffic.Duration / ControlPeriod);

    /// <summary>Servers that are not there at the start, because their first change adds them.</summary>
    public bool IsAbsentAtStart(int server) =>
        Changes.FirstOrDefault(c => c.Server.Index == server) is { Kind: CapacityChangeKind.Add };

    /// <summary>
    /// Work that arrives in a second, over the work that all processors do in a second; below 1 queues stay finite. Of a trace, the work of
    /// the rows that are played.
    /// </summary>
    public double ProcessorLoad => Traffic.ProcessorWorkPerSecond / Servers.Sum(s => s.Workers * s.Speed);

    /// <summary>The same of the disks.</summary>
    public double DiskLoad => Traffic.DiskWorkPerSecond / Servers.Sum(s => s.Speed);
}
