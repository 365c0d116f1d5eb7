using AkkaLb.Domain.DataCenter;
using HdrHistogram;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>Durations of the last half to whole minute, for percentiles. Safe for several threads.</summary>
internal sealed class LatencyWindow
{
    private const long Half = 30 * Ticks.PerSecond, Longest = 3_600_000_000;
    private const double TicksPerMicrosecond = Ticks.PerSecond / 1e6;

    private readonly Lock _gate = new();
    private LongHistogram _recent = New(), _before = New();
    private long _turned;

    /// <param name="duration">Ticks.</param>
    public void Add(long duration, long now)
    {
        lock (_gate)
        {
            Turn(now);
            _recent.RecordValue(Math.Clamp((long)(duration / TicksPerMicrosecond), 1, Longest));
        }
    }

    /// <summary>Percentiles in seconds; null without any request.</summary>
    public (double P50, double P99, double Mean)? Percentiles(long now)
    {
        lock (_gate)
        {
            Turn(now);
            LongHistogram both = New();
            both.Add(_recent);
            both.Add(_before);
            return both.TotalCount == 0
                ? null
                : (both.Percentile(50) / 1e6, both.Percentile(99) / 1e6, both.GetMean() / 1e6);
        }
    }

    /// <summary>What a share of the requests of several windows took at most, share by share.</summary>
    /// <param name="shares">0 to 1, ascending.</param>
    /// <returns>Seconds, one for each share; empty without any request.</returns>
    public static IReadOnlyList<double> Quantiles(IEnumerable<LatencyWindow> windows, IReadOnlyList<double> shares, long now)
    {
        LongHistogram all = New();
        foreach (LatencyWindow window in windows)
        {
            lock (window._gate)
            {
                window.Turn(now);
                all.Add(window._recent);
                all.Add(window._before);
            }
        }
        return all.TotalCount == 0 ? [] : [.. shares.Select(share => all.Percentile(100 * share) / 1e6)];
    }

    private static LongHistogram New() => new(Longest, 2);

    private void Turn(long now)
    {
        if (now - _turned < Half)
        {
            return;
        }
        bool isOld = now - _turned >= 2 * Half;
        (_recent, _before) = (_before, _recent);
        _recent.Reset();
        if (isOld)
        {
            _before.Reset();
        }
        _turned = now;
    }
}
