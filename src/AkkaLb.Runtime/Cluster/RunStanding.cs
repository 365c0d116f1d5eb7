using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Runtime.Cluster;

/// <summary>Where a run of a cluster stands.</summary>
/// <param name="Status">waiting, running, finished, stopped, failed, or withdrawn before it was begun.</param>
/// <param name="Message">Why it failed.</param>
/// <param name="Silence">Since the node that holds the cluster's runs was heard of.</param>
public sealed record RunStanding(string Status, string? Message, RunPlan? Plan, RunBaselines? Baselines, TimeSpan Silence)
{
    public const string Waiting = "waiting", Running = "running", Failed = "failed", Withdrawn = "withdrawn";
}

/// <summary>What has happened in a run.</summary>
internal sealed record RunNews(
    RunPlan? Plan, RunBaselines? Baselines, IReadOnlyList<EpisodeReport> Episodes, IReadOnlyList<string> Notices)
{
    /// <summary>Stands in notices for the run's folder, which everybody has elsewhere.</summary>
    public const string Folder = "{run folder}";

    public bool IsNothing => Plan is null && Baselines is null && Episodes.Count == 0 && Notices.Count == 0;
}

/// <summary>Another node holds the run now.</summary>
internal sealed class RunTakenOverException(string run) : Exception($"another node has taken the run '{run}' over");
