using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Probing;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Gathers the repetitions of one contender.</summary>
internal sealed class PolicyTally(Contender contender, DataCenterModel model)
{
    private readonly List<RepetitionMetrics> _repetitions = [];
    private readonly List<double> _times = [], _servedTimes = [];

    public string Policy => contender.Name;

    public Contender Contender => contender;

    public IReadOnlyList<RepetitionMetrics> Repetitions => _repetitions;

    /// <summary>Completion times of all jobs of all repetitions.</summary>
    public IReadOnlyList<double> Times => _times;

    /// <summary>The same of the jobs that were not rejected.</summary>
    public IReadOnlyList<double> ServedTimes => _servedTimes;

    public Timeline Timeline { get; } = new(model);

    /// <summary>The servers' loads in the first repetition.</summary>
    public IReadOnlyList<LoadSample> Loads { get; private set; } = [];

    /// <summary>What each load balancer met with in the first repetition.</summary>
    public IReadOnlyList<FailureReport> Failures { get; private set; } = [];

    public void Add(SimulationResult result)
    {
        _times.AddRange(result.Jobs.Select(j => Ticks.ToSeconds(j.Completion)));
        _servedTimes.AddRange(result.Jobs.Where(j => !j.Rejected).Select(j => Ticks.ToSeconds(j.Completion)));
        _repetitions.Add(RepetitionMetrics.Of(result, model));
        Timeline.Add(result);
        if (_repetitions.Count == 1)
        {
            Failures = result.Failures;
        }
        if (Loads.Count == 0)
        {
            Loads = result.Loads;
        }
    }

    /// <param name="baseline">The tally of the policy to compare with; null for none.</param>
    public PolicyMetrics Summarise(PolicyTally? baseline)
    {
        // All policies get the same jobs, so that the same repetitions have none.
        IReadOnlyList<double> means = Means(), differences = baseline is null ? [] : [.. means.Zip(baseline.Means(), (own, other) =>
            own - other)];
        double? difference = differences.Count == 0 ? null : differences.Average(), half = Statistics.HalfInterval(differences);
        double probes = _repetitions.Average(r => r.Probes);
        return new PolicyMetrics(CompletionMetrics.Mean([.. _repetitions.Select(r => r.All)]))
        {
            Sd = Statistics.Deviation(means),
            Jain = _repetitions.Average(r => r.Jain),
            ProbesPerSecond = probes,
            ProbeKilobitsPerSecond = probes * model.Probing.Bytes * 8 / 1000,
            IsGlobal = contender.IsGlobal,
            Classes = model.Traffic.Classes.Select((c, k) => (c.Name, k)).ToDictionary(
                c => c.Name, c => CompletionMetrics.Mean([.. _repetitions.Select(r => r.Classes[c.k])])),
            Changes = model.Changes.Count == 0 ? null : Timeline.Changes(),
            Failures = FailureMetrics.Mean([.. _repetitions.Select(r => r.Failures).OfType<FailureMetrics>()]),
            Probing = Probing(),
            Difference = difference,
            DifferenceLow = difference - half,
            DifferenceHigh = difference + half,
        };
    }

    /// <summary>Mean completion time of every repetition that had jobs.</summary>
    private IReadOnlyList<double> Means() => [.. _repetitions.Select(r => r.All).OfType<CompletionMetrics>().Select(all => all.MeanTct)];

    private ProbingMetrics? Probing()
    {
        ProbingAccuracy[] accuracies = [.. _repetitions.Select(r => r.Probing).OfType<ProbingAccuracy>()];
        return accuracies.Length == 0 ? null : new ProbingMetrics(
            accuracies.Average(a => a.ProcessorError),
            accuracies.Average(a => a.JobsError),
            accuracies.Average(a => a.ProcessorCorrelation),
            accuracies.Average(a => a.JobsCorrelation));
    }
}
