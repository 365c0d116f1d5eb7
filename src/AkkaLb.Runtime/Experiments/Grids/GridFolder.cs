using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>The folder of a grid: the work list, a run folder for every run, and the tables over all of them.</summary>
internal sealed class GridFolder
{
    public const string PlanFile = "grid.json";
    public const string LockFile = "grid.lock";
    public const string RunsFolder = "runs";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly RunFolder _folder;

    public GridFolder(string path) => _folder = RunFolder.At(path);

    public string FullPath => _folder.FullPath;

    public RunFolder this[GridCell run] => RunFolder.At(_folder[run.Folder]);

    public static bool IsGrid(string path) => File.Exists(Path.Combine(path, PlanFile));

    /// <summary>A name as a file name that needs no quotes in a shell.</summary>
    public static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '=' ? c : c == ' ' ? '_' : '-'));

    /// <summary>Writes a file whole or not at all.</summary>
    public void Write(string file, string content) => _folder.Write(file, content);

    /// <exception cref="InvalidInputException">There is no work list, or it is damaged.</exception>
    public GridPlan ReadPlan()
    {
        string file = _folder[PlanFile];
        try
        {
            return JsonSerializer.Deserialize<GridPlan>(ConfigurationLoader.ReadText(file), Format) is { Name: not null, Family: not null,
                Runs: not null } plan
                && plan.Runs.All(r => r is { Cell: not null, Folder: not null, Settings: not null, Variant: not null })
                ? plan
                : throw new JsonException("a name, a family or the runs are missing");
        }
        catch (JsonException e)
        {
            string place = e.LineNumber is { } line ? $"line {line + 1}: " : "";
            throw new InvalidInputException($"{file}: {place}expected the work list of a grid, as 'akkalb train GRID.conf' writes it", e);
        }
    }

    public void Write(GridPlan plan) => _folder.Write(PlanFile, JsonSerializer.Serialize(plan, Format) + "\n");

    /// <summary>Keeps other processes from working on the grid, until it is disposed of or the process ends, however it ends.</summary>
    /// <exception cref="InvalidInputException">Another process has it, or the folder cannot be written to.</exception>
    public IDisposable Lock()
    {
        try
        {
            Directory.CreateDirectory(FullPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{FullPath}: expected a grid in a folder that can be written to: {e.Message}", e);
        }
        return _folder.Lock("a grid", LockFile);
    }

    /// <summary>The same; null when it cannot be had.</summary>
    public IDisposable? TryLock()
    {
        try
        {
            return Lock();
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    /// <summary>
    /// Why the folder cannot take these runs, in one line; null when it is new, or when what it holds belongs to the same runs.
    /// </summary>
    public string? Conflict(IReadOnlyList<PreparedRun> runs)
    {
        if (File.Exists(FullPath))
        {
            return $"{FullPath}: expected a folder for the grid's results, found a file";
        }
        if (!Directory.Exists(FullPath))
        {
            return null;
        }
        // A preparation that was cut short has left no work list.
        bool ours = File.Exists(_folder[PlanFile])
            || Directory.EnumerateFileSystemEntries(FullPath).All(e => Path.GetFileName(e) is LockFile or RunsFolder);
        if (!ours)
        {
            return $"{FullPath}: expected a new or empty folder, or that of the same grid, found one with other files in it";
        }
        if (runs.FirstOrDefault(r => !Agrees(r)) is { } other)
        {
            return $"{this[other.Run].FullPath}: holds another experiment than this grid's '{other.Run.Cell}'; give the grid another "
                + "folder (--out)";
        }
        return Lost(runs) is { } lost
            ? $"{FullPath}: holds runs that are none of this grid, such as '{lost.Cell}' with seed {lost.Seed}; give the grid another "
                + "folder (--out), or all of these runs"
            : null;
    }

    /// <summary>Makes the run folders of all runs that have none, so that each can be continued on its own.</summary>
    public void Prepare(IReadOnlyList<PreparedRun> runs)
    {
        foreach (PreparedRun run in runs)
        {
            RunFolder folder = this[run.Run];
            if (!File.Exists(folder[RunFolder.ConfigurationFile]))
            {
                folder.Write(run.Inputs);
            }
            else if (!folder.IsFinished)
            {
                folder.Write(RunFolder.ConfigurationFile, run.Inputs[RunFolder.ConfigurationFile]);
            }
        }
    }

    /// <summary>A run of the work list that would be in none any more; null: there is none.</summary>
    private GridCell? Lost(IReadOnlyList<PreparedRun> runs)
    {
        HashSet<string> kept = [.. runs.Select(run => run.Run.Folder)];
        return File.Exists(_folder[PlanFile]) ? ReadPlan().Runs.FirstOrDefault(run => !kept.Contains(run.Folder)) : null;
    }

    private bool Agrees(PreparedRun run)
    {
        RunFolder folder = this[run.Run];
        if (!File.Exists(folder[RunFolder.ConfigurationFile]))
        {
            return true;
        }
        try
        {
            // Folders of earlier versions have no file of the generator's figures.
            return run.Inputs.Where(input => input.Key != RunFolder.GeneratorFile || File.Exists(folder[input.Key])).All(
                input => input.Key == RunFolder.ConfigurationFile
                    ? ConfigurationDifference.Find(Resolve(File.ReadAllText(folder[input.Key])), Resolve(input.Value)) is null
                    : File.ReadAllText(folder[input.Key]) == input.Value);
        }
        catch (Exception e) when (e is IOException or InvalidInputException)
        {
            return false;
        }
    }

    /// <summary>A configuration with the defaults of keys that are newer than it.</summary>
    private static Config Resolve(string configuration) => ConfigurationLoader.Resolve(
        ConfigurationLoader.Parse(configuration, RunFolder.ConfigurationFile), RunFolder.ConfigurationFile, []);
}

/// <summary>A run of a grid, checked, with the files that its run folder begins with.</summary>
internal sealed record PreparedRun(GridCell Run, IReadOnlyDictionary<string, string> Inputs);
