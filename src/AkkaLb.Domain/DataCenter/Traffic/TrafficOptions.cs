namespace AkkaLb.Domain.DataCenter.Traffic;

/// <summary>Where jobs come from: Poisson arrivals of drawn classes, or a trace.</summary>
public sealed record TrafficOptions
{
    /// <summary>At least one; with a trace its first class gives the stages of all jobs.</summary>
    public required IReadOnlyList<JobClass> Classes { get; init; }

    /// <summary>Mean arrivals per second of the whole system; positive. Without effect with a trace.</summary>
    public required double Rate { get; init; }

    /// <summary>T: arrivals end after so many ticks.</summary>
    public required long Duration { get; init; }

    /// <summary>A: the rate at time t is rate·(1 + A sin(2π t/period)), 0 to below 1.</summary>
    public double ModulationAmplitude { get; init; }

    /// <summary>Seconds; positive.</summary>
    public double ModulationPeriod { get; init; } = 20;

    /// <summary>Arrivals with their work, in order of time; null for Poisson arrivals.</summary>
    public IReadOnlyList<TraceRow>? Trace { get; init; }

    /// <summary>The rows of the trace that come before the end of arrivals; none without one.</summary>
    public IEnumerable<TraceRow> Played => (Trace ?? []).TakeWhile(row => row.Time < Duration);

    /// <summary>One hop of the network takes uniformly this many ticks, from and to (exclusive).</summary>
    public (int Low, int High) Hop { get; init; } = (100_000, 1_000_000);

    /// <summary>A node handles a packet in uniformly this many ticks, from and to (exclusive).</summary>
    public (int Low, int High) Processing { get; init; } = (1_000, 10_000);
}

/// <summary>An arrival of a trace.</summary>
/// <param name="Time">Ticks since the trace's start.</param>
/// <param name="Work">Processor work in ticks.</param>
public readonly record struct TraceRow(long Time, long Work);
