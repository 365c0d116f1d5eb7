using System.Globalization;
using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Live.Load;

/// <summary>How late requests were sent, seconds.</summary>
public sealed record Lateness(double P50, double P99, double Max);

/// <summary>The outcome of a load. Names are a contract of <c>akkalb load --json</c>: fields may be added, never renamed.</summary>
public sealed record LoadReport
{
    /// <summary>Of the requests after the warm-up.</summary>
    public required LatencyFigures All { get; init; }

    /// <summary>The same by class, where there are several.</summary>
    public required IReadOnlyDictionary<string, LatencyFigures> Classes { get; init; }

    /// <summary>How many answers had which status; <c>broken</c> and <c>timed-out</c> for none.</summary>
    public required IReadOnlyDictionary<string, long> Statuses { get; init; }

    /// <summary>Requests per second that were due after the warm-up.</summary>
    public required double Rate { get; init; }

    /// <summary>Between warm-up and the end of sending.</summary>
    public required double Seconds { get; init; }

    public required Lateness Late { get; init; }

    /// <summary>Share of the machine's processors in use, 0 to 1; null where the system does not tell.</summary>
    public required double? Processor { get; init; }

    /// <summary>Why the run says nothing about what was loaded; null when it does.</summary>
    public required string? Void { get; init; }

    public static LoadReport Of(
        LoadOptions options, IReadOnlyList<PlannedRequest> plan, IReadOnlyList<RequestOutcome> outcomes, double? processor,
        bool interrupted)
    {
        long warm = Ticks.FromSeconds(options.WarmUp.TotalSeconds);
        int first = 0;
        while (first < plan.Count && plan[first].Due < warm)
        {
            first++;
        }
        int[] counted = [.. Enumerable.Range(first, plan.Count - first).Where(i => outcomes[i].Status != RequestOutcome.Unfinished)];
        double seconds = interrupted && counted.Length > 0
            ? Ticks.ToSeconds(plan[counted[^1]].Due - warm)
            : Ticks.ToSeconds(EndOf(options, plan) - warm);
        Lateness late = LatenessOf(counted.Select(i => outcomes[i].Late));
        return new LoadReport
        {
            All = LatencyFigures.Of(counted.Select(i => outcomes[i])),
            Classes = options.Traffic.Classes.Count < 2
                ? new Dictionary<string, LatencyFigures>()
                : options.Traffic.Classes.Select((c, k) => (c.Name, k)).ToDictionary(
                    c => c.Name, c => LatencyFigures.Of(counted.Where(i => plan[i].Class == c.k).Select(i => outcomes[i]))),
            Statuses = counted.GroupBy(i => outcomes[i].Status).OrderByDescending(g => g.Key)
                .ToDictionary(g => Name(g.Key), g => g.LongCount()),
            Rate = seconds > 0 ? counted.Length / seconds : 0,
            Seconds = Math.Max(0, seconds),
            Late = late,
            Processor = processor,
            Void = interrupted ? "interrupted"
                : counted.Length == 0 ? "no request after the warm-up"
                : VoidBecause(options, late, processor),
        };
    }

    /// <summary>When sending ends: with the duration, or with a trace that is shorter, one gap after its last request.</summary>
    private static long EndOf(LoadOptions options, IReadOnlyList<PlannedRequest> plan)
    {
        bool isShorter = options.Traffic.Trace is not null && plan.Count > 1;
        return isShorter
            ? Math.Min(options.Traffic.Duration, plan[^1].Due + (plan[^1].Due / (plan.Count - 1)))
            : options.Traffic.Duration;
    }

    private static string? VoidBecause(LoadOptions options, Lateness late, double? processor)
    {
        if (late.P99 > options.LateLimit.TotalSeconds)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the generator was late: 1 request in 100 by {late.P99 * 1000:0.0} ms or more, "
                + $"allowed are {options.LateLimit.TotalMilliseconds:0.0} ms");
        }
        return processor > options.ProcessorLimit
            ? string.Create(
                CultureInfo.InvariantCulture, $"the processors were {processor:P0} busy, allowed are {options.ProcessorLimit:P0}")
            : null;
    }

    private static Lateness LatenessOf(IEnumerable<long> late)
    {
        long[] sorted = [.. late.Order()];
        double At(double share) => sorted.Length == 0 ? 0 : sorted[(int)(share * (sorted.Length - 1))] / 1e9;
        return new Lateness(At(0.5), At(0.99), At(1));
    }

    private static string Name(short status) => status switch
    {
        RequestOutcome.Broken => "broken",
        RequestOutcome.TimedOut => "timed-out",
        _ => status.ToString(CultureInfo.InvariantCulture),
    };
}
