using System.Text.Json.Serialization;
using AkkaLb.Runtime.Cluster;

namespace AkkaLb.Runtime.Runs;

/// <summary>What the summaries of runs have in common; each family has metrics of its own.</summary>
public abstract record RunSummary : ResultSummary
{
    /// <summary><c>finished</c>, or <c>stopped</c> when the run was interrupted and can be resumed.</summary>
    public const string Finished = "finished", Stopped = "stopped";

    private protected RunSummary(string family) => Family = family;

    [JsonPropertyOrder(-3)]
    public required string Method { get; init; }

    [JsonPropertyOrder(-2)]
    public required ulong Seed { get; init; }

    /// <summary>Seconds that this process took to play; where a resumed run goes on from a checkpoint, it adds up.</summary>
    [JsonPropertyOrder(1)]
    public required double WallSeconds { get; init; }

    /// <summary>What the cluster has done for it; null for a run in one process.</summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClusterFigures? Cluster { get; init; }

    /// <summary>The summary in a run folder; null when there is none that can be read, because the run was killed.</summary>
    public static new T? Read<T>(RunFolder folder)
        where T : RunSummary => ResultSummary.Read<T>(folder);
}
