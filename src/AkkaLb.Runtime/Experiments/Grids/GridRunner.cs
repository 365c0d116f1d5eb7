using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>Works a grid's list off, one run after the other, each in a run folder of its own.</summary>
public static class GridRunner
{
    /// <summary>The tables of a grid as it stands; written into its folder too, unless a process that works on it does that.</summary>
    /// <exception cref="InvalidInputException">Not the folder of a grid, or a run's files are damaged.</exception>
    public static RunResult Tabulate(string path)
    {
        if (!GridFolder.IsGrid(path))
        {
            throw new InvalidInputException($"{path}: expected the folder of a grid, with {GridFolder.PlanFile} in it");
        }
        GridFolder folder = new(path);
        GridTables tables = new(folder, folder.ReadPlan());
        using IDisposable? guard = folder.TryLock();
        return new RunResult(guard is null ? tables.Summarise() : tables.Write(), folder.FullPath);
    }

    /// <summary>Starts a grid, or goes on with it when its folder holds it already.</summary>
    /// <exception cref="InvalidInputException">A run is not valid, or the folder is in use; nothing was written.</exception>
    internal static async Task<RunResult> StartAsync(
        ExperimentSource source, ExperimentRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        GridDefinition definition = GridDefinition.Read(source);
        List<PreparedRun> runs =
            await Task.Run(() => Prepare(source, definition, request.Path, cancellation), CancellationToken.None).WaitAsync(cancellation);
        GridFolder folder = Choose(request.OutputFolder, Path.Combine(source.Resolved.GetString("akkalb.runs", "runs"), source.Name), runs);
        string family = ExperimentRunner.Family(definition.Configure(definition.Cells[0], definition.Seeds[0]), source.File);
        GridPlan plan = new(source.Name, family, request.Path, [.. runs.Select(r => r.Run)]);
        return await WorkAsync(folder, () =>
        {
            // Another process may have taken the folder meanwhile.
            if (folder.Conflict(runs) is { } conflict)
            {
                throw new InvalidInputException(conflict);
            }
            folder.Prepare(runs);
            folder.Write(plan);
            return plan;
        }, observer, cancellation);
    }

    /// <exception cref="InvalidInputException">The work list or a run is damaged.</exception>
    internal static Task<RunResult> ContinueAsync(string path, IRunObserver observer, CancellationToken cancellation)
    {
        GridFolder folder = new(path);
        return WorkAsync(folder, folder.ReadPlan, observer, cancellation);
    }

    private static async Task<RunResult> WorkAsync(
        GridFolder folder, Func<GridPlan> begin, IRunObserver observer, CancellationToken cancellation)
    {
        using IDisposable guard = folder.Lock();
        GridPlan plan = begin();
        GridTables tables = new(folder, plan);
        RememberPath(folder, plan);
        HashSet<GridCell> finished = [.. plan.Runs.Where(r => folder[r].IsFinished)];
        foreach (GridCell run in plan.Runs.Where(r => !finished.Contains(r)))
        {
            if (cancellation.IsCancellationRequested)
            {
                break;
            }
            observer.GridAdvanced(new GridProgress(plan.Name, folder.FullPath, plan.Runs.Count, finished.Count, run));
            RunResult result = await ExperimentRunner.ContinueAsync(
                RunFolder.Open(folder[run].FullPath), plan.Path, observer, cancellation);
            if (result.Summary.Status != RunSummary.Finished)
            {
                break;
            }
            finished.Add(run);
            tables.Write();
        }
        observer.GridAdvanced(new GridProgress(plan.Name, folder.FullPath, plan.Runs.Count, finished.Count, null));
        return new RunResult(tables.Write(), folder.FullPath);
    }

    /// <summary>Says in each run's folder who plays it, for those who go on with it or replay it by itself.</summary>
    private static void RememberPath(GridFolder folder, GridPlan plan)
    {
        foreach (GridCell run in plan.Runs.Where(_ => plan.Family == ExperimentRunner.Network))
        {
            RunFolder of = RunFolder.Open(folder[run].FullPath);
            if (!File.Exists(of[RunFolder.PlayedByFile]))
            {
                of.Write(RunFolder.PlayedByFile, plan.Path.ToString().ToLowerInvariant());
            }
        }
    }

    /// <summary>Reads and checks every run before the first one starts.</summary>
    private static List<PreparedRun> Prepare(
        ExperimentSource source, GridDefinition definition, RunPath path, CancellationToken cancellation)
    {
        Dictionary<string, string> byFolder = new(StringComparer.OrdinalIgnoreCase), byContent = [];
        List<PreparedRun> runs = [];
        string? family = null;
        foreach (ulong seed in definition.Seeds)
        {
            foreach (GridDefinition.Cell cell in definition.Cells)
            {
                cancellation.ThrowIfCancellationRequested();
                Config config = definition.Configure(cell, seed);
                string named = $"{source.File}, cell '{cell.Name}'";
                IReadOnlyDictionary<string, string> inputs = ExperimentRunner.Inputs(config, named, source.BaseFolder, path, cancellation);
                string folder = Path.Combine(
                    GridFolder.RunsFolder, GridFolder.FileName(string.Create(CultureInfo.InvariantCulture, $"{cell.Name}_seed{seed}")));
                if (!byFolder.TryAdd(folder, cell.Name))
                {
                    throw new InvalidInputException(
                        $"{named}: would share the folder '{folder}' with cell '{byFolder[folder]}', expected names that differ");
                }
                string content = string.Join(
                    '\n', inputs.OrderBy(i => i.Key, StringComparer.Ordinal).Select(
                    i => i.Value.Replace($"{source.Name} {cell.Name}", "", StringComparison.Ordinal)));
                if (!byContent.TryAdd(content, cell.Name))
                {
                    throw new InvalidInputException(
                        $"{named}: is the same experiment as cell '{byContent[content]}', expected cells that differ");
                }
                if ((family ??= ExperimentRunner.Family(config, named)) != ExperimentRunner.Family(config, named))
                {
                    throw new InvalidInputException($"{named}: 'akkalb.family': expected {family} like the cells before it");
                }
                runs.Add(new PreparedRun(new GridCell(cell.Name, cell.Variant, cell.Taken, seed, folder), inputs));
            }
        }
        return runs;
    }

    private static GridFolder Choose(string? requested, string usual, IReadOnlyList<PreparedRun> runs)
    {
        if (requested is not null)
        {
            GridFolder folder = new(requested);
            return folder.Conflict(runs) is { } conflict ? throw new InvalidInputException(conflict) : folder;
        }
        return Enumerable.Range(1, int.MaxValue)
            .Select(i => new GridFolder(i == 1 ? usual : $"{usual}-{i}"))
            .First(folder => folder.Conflict(runs) is null);
    }
}
