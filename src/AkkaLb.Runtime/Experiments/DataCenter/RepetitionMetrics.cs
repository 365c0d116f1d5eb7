using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Probing;
using AkkaLb.Domain.DataCenter.Simulation;
using Measures = AkkaLb.Domain.DataCenter.Fairness.Fairness;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>One repetition of one policy.</summary>
/// <param name="All">Of all jobs; null without any.</param>
/// <param name="Jain">Mean over time of Jain's index of the servers' remaining times.</param>
/// <param name="Probes">Probes sent per second of traffic.</param>
/// <param name="Classes">Of each class of jobs; null without any.</param>
/// <param name="Probing">Null for a policy that does not probe.</param>
internal sealed record RepetitionMetrics(
    CompletionMetrics? All, double Jain, double Probes, IReadOnlyList<CompletionMetrics?> Classes, ProbingAccuracy? Probing)
{
    /// <summary>Null where nothing is done about failures.</summary>
    public FailureMetrics? Failures { get; private init; }

    public static RepetitionMetrics Of(SimulationResult result, DataCenterModel model) => new(
        Completions(result.Jobs, model),
        result.Loads.Select(s => Measures.JainIndex(s.RemainingTimes)).DefaultIfEmpty(1).Average(),
        result.Probes / Ticks.ToSeconds(model.Traffic.Duration),
        [.. model.Traffic.Classes.Select((_, c) => Completions(result.Jobs.Where(j => j.Class == c), model))],
        ProbingAccuracy.Of(result, model.LoadBalancers, model.Servers.Count))
    {
        Failures = model.Failures.IsOn ? FailureMetrics.Of(result) : null,
    };

    private static CompletionMetrics? Completions(IEnumerable<JobRecord> jobs, DataCenterModel model)
    {
        List<double> times = [], served = [];
        foreach (JobRecord job in jobs)
        {
            times.Add(Ticks.ToSeconds(job.Completion));
            if (!job.Rejected)
            {
                served.Add(times[^1]);
            }
        }
        times.Sort();
        served.Sort();
        return times.Count == 0 ? null : new CompletionMetrics
        {
            MeanTct = times.Average(),
            P50 = Statistics.Quantile(times, 0.5),
            P90 = Statistics.Quantile(times, 0.9),
            P95 = Statistics.Quantile(times, 0.95),
            P99 = Statistics.Quantile(times, 0.99),
            RejectShare = (double)(times.Count - served.Count) / times.Count,
            Goodput = served.Count / Ticks.ToSeconds(model.Traffic.Duration),
            Served = ServedTimes.Of(served),
        };
    }
}
