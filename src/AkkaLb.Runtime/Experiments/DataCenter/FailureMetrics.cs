using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>What failed and what load balancers did about it, of all of them together in a repetition.</summary>
/// <param name="TimeOuts">Attempts that a dead server did not answer.</param>
/// <param name="Refusals">Attempts that a full server refused.</param>
/// <param name="Retries">Attempts beyond a job's first.</param>
/// <param name="Ejections">Times that a load balancer left a server alone because requests failed.</param>
/// <param name="Unhealthy">Times that a load balancer's checks found a server dead.</param>
/// <param name="Panics">Times that ejections were passed over, because too many servers were ejected.</param>
/// <param name="Moved">Bound clients whose server was out of use.</param>
/// <param name="Lost">Jobs that were never done because of dead servers; they are among the rejected ones.</param>
public sealed record FailureMetrics(
    double TimeOuts, double Refusals, double Retries, double Ejections, double Unhealthy, double Panics, double Moved, double Lost)
{
    internal static FailureMetrics Of(SimulationResult result) => new(
        result.Failures.Sum(f => f.TimeOuts),
        result.Failures.Sum(f => f.Refusals),
        result.Failures.Sum(f => f.Retries),
        Count(result, ServerState.Ejected),
        Count(result, ServerState.Unhealthy),
        result.Failures.Sum(f => f.Panics),
        result.Failures.Sum(f => f.Moved),
        result.Jobs.Count(j => j.Lost));

    /// <summary>The mean of each figure over repetitions; null without any.</summary>
    internal static FailureMetrics? Mean(IReadOnlyList<FailureMetrics> repetitions) => repetitions.Count == 0 ? null : new FailureMetrics(
        repetitions.Average(r => r.TimeOuts), repetitions.Average(r => r.Refusals), repetitions.Average(r => r.Retries),
        repetitions.Average(r => r.Ejections), repetitions.Average(r => r.Unhealthy), repetitions.Average(r => r.Panics),
        repetitions.Average(r => r.Moved), repetitions.Average(r => r.Lost));

    private static int Count(SimulationResult result, ServerState state) =>
        result.Failures.Sum(f => f.Changes.Count(c => c.State == state));
}
