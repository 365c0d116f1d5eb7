namespace AkkaLb.Domain.DataCenter.Simulation;

public enum CapacityChangeKind
{
    /// <summary>The server works at another speed; no load balancer is told.</summary>
    Speed,

    /// <summary>The server and its jobs are lost; load balancers notice after the detection delay, or by their checks.</summary>
    Fail,

    /// <summary>The server is back, empty; load balancers notice after the detection delay, or by their checks.</summary>
    Return,

    /// <summary>Load balancers send the server nothing more, at once; it finishes what it has.</summary>
    Drain,

    /// <summary>A server that was not there before, known to all load balancers at once.</summary>
    Add,

    /// <summary>An operator works at the server: as drained, and its health is not checked until it is enabled.</summary>
    Maintain,

    /// <summary>The end of a drain or of maintenance: the server gets new jobs as far as it is healthy.</summary>
    Enable,
}

/// <summary>Something that happens to a server during a run.</summary>
/// <param name="Time">Ticks since the start.</param>
/// <param name="Speed">For <see cref="CapacityChangeKind.Speed"/>: work per second of a lone job, 1/1024 to 1024.</param>
public sealed record CapacityChange(long Time, ServerId Server, CapacityChangeKind Kind, double Speed = 1);
