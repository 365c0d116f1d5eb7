using AkkaLb.Domain.DataCenter;
using HdrHistogram;

namespace AkkaLb.Live.Load;

/// <summary>A load from its plan to its report.</summary>
/// <param name="Plan">What was to be sent.</param>
/// <param name="Outcomes">What became of it, by the request's number.</param>
/// <param name="WarmUp">Requests that are due before it do not count.</param>
public sealed record LoadRun(
    IReadOnlyList<PlannedRequest> Plan, IReadOnlyList<RequestOutcome> Outcomes, TimeSpan WarmUp, LoadReport Report)
{
    /// <summary>Sends the load; when it is cancelled, what was answered so far is reported and void.</summary>
    /// <param name="started">Is told when the first request may be due: time 0 of the plan.</param>
    public static async Task<LoadRun> RunAsync(
        LoadOptions options, IReadOnlyList<Uri> targets, TimeProvider time, Action? started, CancellationToken cancellation)
    {
        PlannedRequest[] plan = RequestPlan.Draw(options.Traffic, targets.Count, options.Seed);
        using HttpMessageInvoker client = LoadGenerator.CreateClient(options.Timeout);
        LoadGenerator generator = new(plan, targets, client, options.Timeout, time);
        long warm = Ticks.FromSeconds(options.WarmUp.TotalSeconds);
        (long, long)? from = null, to = null;
        started?.Invoke();
        RequestOutcome[] outcomes = await generator.RunAsync(
            number =>
            {
                if (from is null && plan[number].Due >= warm)
                {
                    from = ProcessorMeter.Look();
                }
                if (number == plan.Length - 1)
                {
                    to = ProcessorMeter.Look();
                }
            },
            cancellation);
        double? processor = ProcessorMeter.Share(from, to);
        return new LoadRun(
            plan, outcomes, options.WarmUp, LoadReport.Of(options, plan, outcomes, processor, cancellation.IsCancellationRequested));
    }

    /// <summary>Every request, the warm-up's too.</summary>
    public string ToCsv() => RequestsFile.Write(this);

    /// <summary>The percentiles of those that count, in milliseconds, in HdrHistogram's own format.</summary>
    public void WriteHistogram(TextWriter writer)
    {
        long warm = Ticks.FromSeconds(WarmUp.TotalSeconds);
        LatencyFigures.Histogram(Outcomes.Where((_, i) => Plan[i].Due >= warm)).OutputPercentileDistribution(
            writer, outputValueUnitScalingRatio: 1000);
    }
}
