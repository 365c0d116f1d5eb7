namespace AkkaLb.Runtime.Experiments;

/// <summary>What the user asks to run.</summary>
/// <param name="Source">An experiment file (HOCON) or a published MAROH experiment folder.</param>
public sealed record ExperimentRequest(string Source)
{
    /// <summary><c>key=value</c> pairs that win over the file; keys are relative to <c>akkalb</c>.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    public ulong? Seed { get; init; }

    /// <summary>The run folder; null for a fresh one under <c>akkalb.runs</c>.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>The method, for a published folder or to override the file's.</summary>
    public string? Method { get; init; }

    public RunPath Path { get; init; } = RunPath.Actors;
}

/// <summary>Who runs the episodes. Both give the same results for the same seed, to the last bit.</summary>
public enum RunPath
{
    /// <summary>Link agents, real actors that exchange hidden states by message.</summary>
    Actors,

    /// <summary>The vectorised trainer over the same functional core.</summary>
    Batched,
}
