namespace AkkaLb.Runtime.Experiments;

/// <summary>On what the policy of a run is to be played.</summary>
/// <param name="RunFolder">A run with a checkpoint, of a family that learns.</param>
public sealed record EvaluationRequest(string RunFolder)
{
    /// <summary>
    /// <c>key=value</c> pairs that win over the run's configuration; keys are relative to <c>akkalb</c>, files to the working directory.
    /// </summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>
    /// Network: traffic is generated with it, unless flows are those of a file. Data centre: root of all that is drawn, and so other jobs.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>Network: a topology file or a built-in topology; null for the run's.</summary>
    public string? Topology { get; init; }

    /// <summary>Network: a flow file; null for the run's flows, or generated ones where the topology or the seed is another.</summary>
    public string? Flows { get; init; }

    /// <summary>Network: episodes, 1 without it; data centre: repetitions, as configured without it.</summary>
    public int? Episodes { get; init; }

    /// <summary>Where tables and weights are written; null: nowhere.</summary>
    public string? OutputFolder { get; init; }
}
