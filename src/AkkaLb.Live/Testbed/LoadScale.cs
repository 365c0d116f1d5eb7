using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Live.Testbed;

/// <summary>Makes traffic that asks for a share of what servers can do.</summary>
internal static class LoadScale
{
    /// <param name="load">Work that arrives per second over <paramref name="capacity"/>.</param>
    /// <param name="capacity">Work that all slots do per second.</param>
    /// <returns>Drawn traffic of another rate; of a trace, whose times stay, other service times.</returns>
    public static TrafficOptions To(TrafficOptions traffic, double load, double capacity)
    {
        if (traffic.Trace is not { } rows)
        {
            double work = traffic.Classes.Sum(c => c.Share * c.MeanWork) / traffic.Classes.Sum(c => c.Share);
            return traffic with { Rate = load * capacity / work };
        }
        double seconds = Ticks.ToSeconds(Math.Min(traffic.Duration, rows[^1].Time + 1));
        double scale = load * capacity * seconds / Ticks.ToSeconds(Math.Max(1, traffic.Played.Sum(r => r.Work)));
        return traffic with { Trace = [.. rows.Select(r => r with { Work = (long)Math.Round(r.Work * scale) })] };
    }
}
