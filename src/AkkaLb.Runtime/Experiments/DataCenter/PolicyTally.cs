using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Simulation;
using Measures = AkkaLb.Domain.DataCenter.Fairness.Fairness;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>One repetition of one policy, in seconds.</summary>
/// <param name="Jain">Mean over time of Jain's index of the servers' remaining times.</param>
/// <param name="Probes">Probes sent per second of traffic.</param>
internal sealed record RepetitionMetrics(
    double MeanTct, double P50, double P90, double P95, double P99, double RejectShare, double Jain, double Probes,
    IReadOnlyList<double> ClassMeans);

/// <summary>Gathers the repetitions of one contender.</summary>
internal sealed class PolicyTally(Contender contender, DataCenterModel model)
{
    private readonly List<RepetitionMetrics> _repetitions = [];
    private readonly List<double> _times = [];

    public string Policy => contender.Name;

    public Contender Contender => contender;

    public IReadOnlyList<RepetitionMetrics> Repetitions => _repetitions;

    /// <summary>Completion times of all jobs of all repetitions.</summary>
    public IReadOnlyList<double> Times => _times;

    /// <summary>The servers' loads in the first repetition.</summary>
    public IReadOnlyList<LoadSample> Loads { get; private set; } = [];

    public void Add(SimulationResult result)
    {
        double[] times = [.. result.Jobs.Select(j => Ticks.ToSeconds(j.Completion))];
        _times.AddRange(times);
        IReadOnlyList<double> classMeans = [.. model.Traffic.Classes.Select((_, c) =>
            result.Jobs.Where(j => j.Class == c).Select(j => Ticks.ToSeconds(j.Completion)).DefaultIfEmpty().Average())];
        Array.Sort(times);
        _repetitions.Add(times.Length == 0
            ? new RepetitionMetrics(0, 0, 0, 0, 0, 0, 1, 0, classMeans)
            : new RepetitionMetrics(
                times.Average(),
                Statistics.Quantile(times, 0.5), Statistics.Quantile(times, 0.9), Statistics.Quantile(times, 0.95), Statistics.Quantile(times, 0.99),
                (double)result.Jobs.Count(j => j.Rejected) / times.Length,
                result.Loads.Select(s => Measures.JainIndex(s.RemainingTimes)).DefaultIfEmpty(1).Average(),
                result.Probes / Ticks.ToSeconds(model.Traffic.Duration),
                classMeans));
        if (Loads.Count == 0)
        {
            Loads = result.Loads;
        }
    }

    /// <param name="baseline">The tally of the policy to compare with; null for none.</param>
    public PolicyMetrics Summarise(PolicyTally? baseline)
    {
        double Mean(Func<RepetitionMetrics, double> of) => _repetitions.Average(of);
        IReadOnlyList<double> means = [.. _repetitions.Select(r => r.MeanTct)];
        IReadOnlyList<double>? differences = baseline is null ? null : [.. means.Zip(baseline._repetitions, (own, other) => own - other.MeanTct)];
        double? half = differences is null ? null : Statistics.HalfInterval(differences);
        return new PolicyMetrics
        {
            MeanTct = means.Average(),
            P50 = Mean(r => r.P50),
            P90 = Mean(r => r.P90),
            P95 = Mean(r => r.P95),
            P99 = Mean(r => r.P99),
            RejectShare = Mean(r => r.RejectShare),
            Sd = Statistics.Deviation(means),
            Jain = Mean(r => r.Jain),
            ProbesPerSecond = Mean(r => r.Probes),
            ProbeKilobitsPerSecond = Mean(r => r.Probes) * model.Probing.Bytes * 8 / 1000,
            IsGlobal = contender.IsGlobal,
            Classes = model.Traffic.Classes.Select((c, k) => (c.Name, k)).ToDictionary(c => c.Name, c => Mean(r => r.ClassMeans[c.k])),
            Difference = differences?.Average(),
            DifferenceLow = differences?.Average() - half,
            DifferenceHigh = differences?.Average() + half,
        };
    }
}
