namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>One run of a grid: a cell with one of its seeds.</summary>
/// <param name="Cell">The cell's name, which its runs over all seeds share.</param>
/// <param name="Variant">The variant that it belongs to; empty when the grid has none.</param>
/// <param name="Settings">What it sets beside the variant's own keys: the values taken, by key relative to <c>akkalb</c>.</param>
/// <param name="Folder">Its run folder, relative to the grid's.</param>
public sealed record GridCell(string Cell, string Variant, IReadOnlyDictionary<string, string> Settings, ulong Seed, string Folder);

/// <summary>A grid's work list, as it stands in <c>grid.json</c>.</summary>
/// <param name="Path">Who plays the episodes of cells that have not begun.</param>
/// <param name="Runs">In the order of the work: all cells with the first seed, then with the next.</param>
internal sealed record GridPlan(string Name, string Family, RunPath Path, IReadOnlyList<GridCell> Runs);
