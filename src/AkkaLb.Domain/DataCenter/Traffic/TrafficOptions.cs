namespace AkkaLb.Domain.DataCenter.Traffic;

/// <summary>Where jobs come from: Poisson arrivals of drawn classes, or a trace.</summary>
public sealed record TrafficOptions
{
    /// <summary>At least one; a row of a trace names its own by its place.</summary>
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

    /// <summary>Mean processor work that arrives per second, in seconds; of a trace, of the rows that are played.</summary>
    public double ProcessorWorkPerSecond => WorkPerSecond(c => c.Processor.Mean, ownWork: true);

    /// <summary>The same of disk work.</summary>
    public double DiskWorkPerSecond => WorkPerSecond(c => c.Stages > 1 ? c.Disk.Mean : 0, ownWork: false);

    private double WorkPerSecond(Func<JobClass, double> mean, bool ownWork)
    {
        if (Trace is null)
        {
            return Rate * Classes.Sum(c => c.Share * mean(c)) / Classes.Sum(c => c.Share);
        }
        double[] means = [.. Classes.Select(mean)];
        return Played.Sum(row => ownWork && row.Work != TraceRow.Drawn ? Ticks.ToSeconds(row.Work) : means[row.Class])
            / Ticks.ToSeconds(Duration);
    }

    /// <summary>One hop of the network takes uniformly this many ticks, from and to (exclusive).</summary>
    public (int Low, int High) Hop { get; init; } = (100_000, 1_000_000);

    /// <summary>A node handles a packet in uniformly this many ticks, from and to (exclusive).</summary>
    public (int Low, int High) Processing { get; init; } = (1_000, 10_000);
}

/// <summary>An arrival of a trace.</summary>
/// <param name="Time">Ticks since the trace's start.</param>
/// <param name="Work">Processor work in ticks; <see cref="Drawn"/> where the trace tells none.</param>
/// <param name="Class">Place of the job's class among those of the traffic.</param>
public readonly record struct TraceRow(long Time, long Work, byte Class = 0)
{
    /// <summary>Work that is drawn by the law of the job's class.</summary>
    public const long Drawn = -1;
}
