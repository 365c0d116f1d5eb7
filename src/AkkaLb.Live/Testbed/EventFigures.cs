using AkkaLb.Live.Load;
using AkkaLb.Live.TestServers;

namespace AkkaLb.Live.Testbed;

/// <summary>What an event did to latencies, all seeds together.</summary>
/// <param name="Seconds">When it happened.</param>
/// <param name="Before">
/// 99th percentile in the second half of the time since the event before it, or the warm-up; seconds. Null, as the others, when nothing
/// was answered then.
/// </param>
/// <param name="After">The same of the time until the next event, or the end: the new level.</param>
/// <param name="Worst">The highest of the windows between the event and the next.</param>
/// <param name="SettlingSeconds">
/// Until the window from which on no window of the first half of that time is above 1.15 × the new level, or has requests and no answer: 0
/// when none is, null when the last of them is.
/// </param>
/// <param name="Lost">Requests without a successful answer that were due from one window before it to the next event or the end.</param>
public sealed record EventFigures(
    double Seconds, string What, double? Before, double? After, double? Worst, double? SettlingSeconds, long Lost)
{
    /// <summary>How far above its new level the percentile counts as settled.</summary>
    public const double Within = 1.15;

    /// <param name="requests">Of all seeds; in no order.</param>
    /// <param name="warmUp">Seconds.</param>
    /// <param name="end">When the last request was due, seconds.</param>
    /// <param name="window">Seconds.</param>
    public static IReadOnlyList<EventFigures> Of(
        IReadOnlyList<(PlannedRequest Planned, RequestOutcome Outcome)> requests, IReadOnlyList<ServerChange> events, double warmUp,
        double end, double window)
    {
        (double Due, RequestOutcome Outcome)[] all = [.. requests.Select(r => (r.Planned.Due / 1e9, r.Outcome)).OrderBy(r => r.Item1)];
        List<EventFigures> figures = [];
        // What happens at once has figures together.
        IGrouping<double, ServerChange>[] times =
            [.. events.GroupBy(change => change.Time.TotalSeconds).Where(at => at.Key < end).OrderBy(at => at.Key)];
        for (int e = 0; e < times.Length; e++)
        {
            double time = times[e].Key;
            double from = e == 0 ? warmUp : times[e - 1].Key;
            double to = e + 1 < times.Length ? times[e + 1].Key : end;
            double? after = P99(all, (time + to) / 2, to);
            int windows = Math.Max(1, (int)((to - time) / window)), inFirstHalf = Math.Max(1, windows / 2);
            double?[] curve = [.. Enumerable.Range(0, windows).Select(w => P99(all, Start(w), Start(w + 1)))];
            int settled = inFirstHalf;
            while (settled > 0 && IsSettled(settled - 1))
            {
                settled--;
            }
            figures.Add(new EventFigures(
                time, string.Join(", ", times[e]), P99(all, (from + time) / 2, time), after, curve.Max(),
                settled == inFirstHalf ? null : settled * window,
                all.LongCount(r => r.Due >= time - window && r.Due < to && !r.Outcome.IsSuccess)));

            double Start(int w) => time + w * window;
            bool IsSettled(int w) =>
                curve[w] is { } p99 ? p99 <= Within * after : !Array.Exists(all, r => r.Due >= Start(w) && r.Due < Start(w + 1));
        }
        return figures;
    }

    /// <summary>Of the successful requests that were due in [from, to); null of none.</summary>
    public static double? P99(IReadOnlyList<(double Due, RequestOutcome Outcome)> requests, double from, double to)
    {
        double[] latencies = [.. requests.Where(r => r.Due >= from && r.Due < to && r.Outcome.IsSuccess)
            .Select(r => r.Outcome.Latency / 1e9).Order()];
        return latencies.Length == 0 ? null : latencies[(int)Math.Ceiling(0.99 * latencies.Length) - 1];
    }
}
