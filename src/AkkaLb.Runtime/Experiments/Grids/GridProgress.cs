namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>How far a grid has come.</summary>
/// <param name="Folder">The grid's folder.</param>
/// <param name="Runs">All runs of the grid.</param>
/// <param name="Finished">Runs that have finished, those of earlier processes included.</param>
/// <param name="Next">The run that begins now; null at the end.</param>
public sealed record GridProgress(string Name, string Folder, int Runs, int Finished, GridCell? Next);
