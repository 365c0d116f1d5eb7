using System.Text.Json.Serialization;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>The content of a network run's <c>summary.json</c>. Names are a contract: fields may be added, never renamed.</summary>
public sealed record NetworkSummary() : RunSummary("network")
{
    public required RunMetrics Metrics { get; init; }

    public required RunBaselines Baselines { get; init; }

    public required RunExchanges Exchanges { get; init; }

    public required RunTraffic Traffic { get; init; }

    /// <summary>What was learnt in each training period; null when there is one only. <see cref="Metrics"/> are the last one's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RunPeriod>? Periods { get; init; }

    /// <summary>The part without a global step; null when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AsynchronousMetrics? Asynchronous { get; init; }

    /// <summary>
    /// Of an evaluation, whose policy was played on what; null for a run. <see cref="Metrics"/> are then means over these episodes.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NetworkEvaluationFigures? Evaluation { get; init; }

    /// <summary>How the episodes were driven: <c>actors</c> (messages between link agents) or <c>batched</c>.</summary>
    public required string Path { get; init; }
}

/// <summary>Φ is dimensionless: the population variance of link utilisations. Null before the first episode.</summary>
/// <param name="Phi">Mean final-horizon Φ of the last 500 episodes (of all, when there are fewer).</param>
/// <param name="PhiLast2000">The same over the last 2,000 episodes.</param>
/// <param name="PhiBest">Lowest final-horizon Φ of any episode.</param>
/// <param name="Episodes">Episodes finished.</param>
public sealed record RunMetrics(double? Phi, double? PhiLast2000, double? PhiBest, int Episodes);

/// <summary>Φ of the baselines on the same flows; null where a baseline was switched off or found no valid routing.</summary>
/// <param name="Ecmp">Equal weights on the DAG paths, whatever the run's own routing.</param>
/// <param name="EcmpShortestHop">Equal weights on all shortest-hop paths, whatever the run's own routing.</param>
/// <param name="Ucmp">Weights by headroom on the run's routing.</param>
/// <param name="Genetic">The best weights of a genetic search on the run's routing.</param>
public sealed record RunBaselines(double? Ecmp, double EcmpShortestHop, double? Ucmp, double? Genetic)
{
    /// <summary>Equal weights on the run's routing; null where that is the DAG's or the shortest hops', as it stands there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EqualWeights { get; init; }
}

/// <summary>Hidden-state messages between link agents during episodes (inference; training sends none).</summary>
/// <param name="Sent">Messages really sent.</param>
/// <param name="Possible">Messages that sending in every iteration of every horizon takes.</param>
/// <param name="Share">Sent / possible.</param>
/// <param name="SharePublished">The share as the published system counts it, training recalls included.</param>
public sealed record RunExchanges(long Sent, long Possible, double Share, double SharePublished)
{
    /// <summary>Messages by which unfamiliar agents asked for those states; 0 where states are sent unasked.</summary>
    public long Requests { get; init; }

    /// <summary>MB (2²⁰ bytes) of hidden states sent in an episode.</summary>
    public double MegabytesPerEpisode { get; init; }

    /// <summary>
    /// The published volume, training recalls included: share published · H · K · Σ deg² · (1 + epochs) · 16 · 4 / 2²⁰. In an evaluation
    /// nothing is recalled, and the factor is 1.
    /// </summary>
    public double MegabytesPerEpisodePublished { get; init; }
}

/// <summary>The traffic of the run under equal weights: what the generator aimed at and what the links carry.</summary>
/// <param name="Unroutable">Of the flows, those without a path, as links are down; they load nothing.</param>
/// <param name="GeneratorMeanLoad">Mean load by the generator's own placement; null for flows read from a file.</param>
public sealed record RunTraffic(int Flows, int Unroutable, double? GeneratorMeanLoad, double MeanUtilisation, double MaxUtilisation);
