using System.Text.Json.Serialization;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>The content of a data-centre run's <c>summary.json</c>. Names are a contract: fields may be added, never renamed.</summary>
public sealed record DataCenterSummary() : RunSummary("datacenter")
{
    public required DataCenterMetrics Metrics { get; init; }

    /// <summary>By the policy's name, in the order configured.</summary>
    public required IReadOnlyDictionary<string, PolicyMetrics> Policies { get; init; }

    /// <summary>The policy that the others' differences are against.</summary>
    public required string Baseline { get; init; }

    /// <summary>What was learnt before; null when only policies were compared.</summary>
    public TrainingMetrics? Training { get; init; }

    /// <summary>Of an evaluation, whose policy it is; null for a run.</summary>
    public DataCenterEvaluationFigures? Evaluation { get; init; }

    private protected override bool OmitsNulls => true;
}

/// <summary>What was simulated.</summary>
/// <param name="Repetitions">Finished for every policy.</param>
/// <param name="Jobs">Of all repetitions of one policy.</param>
/// <param name="ProcessorLoad">
/// Processor work that arrives over what all processors can do; of a trace, of the rows that are played.
/// </param>
/// <param name="DiskLoad">The same of the disks.</param>
public sealed record DataCenterMetrics(
    int LoadBalancers, int Servers, int Repetitions, long Jobs, long Events, double ProcessorLoad, double DiskLoad);

/// <summary>How a policy was learnt.</summary>
/// <param name="Episodes">Played and learnt from.</param>
/// <param name="Updates">Gradient steps of all learners.</param>
/// <param name="Seconds">Of training; a resumed run adds up.</param>
/// <param name="TrajectoryBytes">Sent to a central learner in an episode; 0 for independent learners.</param>
/// <param name="DecisionBytes">Sent by a centre that decides for all load balancers in an episode.</param>
/// <param name="ParameterBytes">Sent back to the load balancers after an episode.</param>
public sealed record TrainingMetrics(
    int Episodes, long Updates, double Seconds, long TrajectoryBytes, long DecisionBytes, long ParameterBytes);

/// <summary>Where an evaluated policy comes from.</summary>
/// <param name="Run">Folder of the run that learnt it.</param>
/// <param name="LearntSeed">Seed of that run.</param>
/// <param name="LearntEpisodes">Episodes that it had learnt from.</param>
public sealed record DataCenterEvaluationFigures(string Run, ulong LearntSeed, int LearntEpisodes);

/// <summary>One policy: task completion times in seconds as clients see them, means over repetitions.</summary>
public sealed record PolicyMetrics : CompletionMetrics
{
    [JsonConstructor]
    internal PolicyMetrics()
    {
    }

    internal PolicyMetrics(CompletionMetrics completions)
        : base(completions)
    {
    }

    /// <summary>Standard deviation of the mean time over repetitions.</summary>
    public double Sd { get; init; }

    /// <summary>Jain's index of the servers' remaining times, mean over time.</summary>
    public double Jain { get; init; }

    public double ProbesPerSecond { get; init; }

    public double ProbeKilobitsPerSecond { get; init; }

    /// <summary>Knows the true state of all servers.</summary>
    public bool IsGlobal { get; init; }

    /// <summary>Of each class of jobs, by its name.</summary>
    public IReadOnlyDictionary<string, CompletionMetrics> Classes { get; init; } = new Dictionary<string, CompletionMetrics>();

    /// <summary>How it followed each change to a server; null without changes.</summary>
    public IReadOnlyList<ChangeMetrics>? Changes { get; init; }

    /// <summary>Means over repetitions of what failed; null where load balancers do nothing about failures.</summary>
    public FailureMetrics? Failures { get; init; }

    /// <summary>How well its load balancers knew the servers; null if they do not probe.</summary>
    public ProbingMetrics? Probing { get; init; }

    /// <summary>Mean time less the baseline's, paired by repetition; null for the baseline.</summary>
    public double? Difference { get; init; }

    /// <summary>95 % confidence interval of the difference; null with fewer than three repetitions.</summary>
    public double? DifferenceLow { get; init; }

    /// <inheritdoc cref="DifferenceLow"/>
    public double? DifferenceHigh { get; init; }
}

/// <summary>Completion times about one change to servers, in windows of a 24th of the run.</summary>
public sealed record ChangeMetrics
{
    /// <summary>When it happened.</summary>
    public required double Seconds { get; init; }

    public required string What { get; init; }

    /// <summary>
    /// Mean time of the jobs sent in the second half of the time since the change before it, or the start; null without jobs.
    /// </summary>
    public double? Before { get; init; }

    /// <summary>The same of the time until the next change, or the end.</summary>
    public double? After { get; init; }

    /// <summary>
    /// From the change to the end of the window from which on the mean stays within 15 % of <see cref="After"/>; null when it does not do
    /// so in the first half of the time.
    /// </summary>
    public double? SettlingSeconds { get; init; }
}

/// <summary>What the last reply to a probe said against the truth, every sample interval.</summary>
/// <param name="ProcessorError">Root mean square error of the processors' use, percent.</param>
/// <param name="JobsError">Root mean square error of the busy threads.</param>
/// <param name="ProcessorCorrelation">Spearman's rank correlation of the processors' use.</param>
/// <param name="JobsCorrelation">Spearman's rank correlation of the busy threads.</param>
public sealed record ProbingMetrics(double ProcessorError, double JobsError, double ProcessorCorrelation, double JobsCorrelation);
