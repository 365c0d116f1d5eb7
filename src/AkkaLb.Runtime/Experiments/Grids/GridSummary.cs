using System.Text.Json.Serialization;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>
/// The content of a grid's <c>summary.json</c>: its table, in which only finished runs count. Names are a contract: fields may be added,
/// never renamed.
/// </summary>
public sealed record GridSummary : ResultSummary
{
    [JsonPropertyOrder(-5)]
    public required string Name { get; init; }

    /// <summary>Runs of the grid: cells times seeds.</summary>
    public required int Runs { get; init; }

    public required int Finished { get; init; }

    public required IReadOnlyList<GridRow> Rows { get; init; }

    /// <summary>
    /// What network runs minimise, as configured in <c>network.objective</c>, if it is not the variance; its values stand for Φ then.
    /// <c>several</c>: not the same in all of them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Objective { get; init; }
}

/// <summary>A cell of a grid over its seeds.</summary>
/// <param name="Settings">The values that it takes, by key relative to <c>akkalb</c>.</param>
/// <param name="Seeds">Seeds whose runs have finished: those that count.</param>
/// <param name="Planned">Seeds of the grid.</param>
/// <param name="Metrics">Empty when no run has finished; see <see cref="GridMetrics"/>.</param>
public sealed record GridRow(
    string Cell, string Variant, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<ulong> Seeds, int Planned,
    IReadOnlyDictionary<string, Estimate> Metrics);
