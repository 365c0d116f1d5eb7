using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Hocon;

namespace AkkaLb.Runtime.Runs;

/// <summary>A self-describing folder of one run: resolved configuration, summary, episodes, plot, weights, checkpoint.</summary>
public sealed class RunFolder
{
    public const string ConfigurationFile = "experiment.conf";
    public const string SummaryFile = "summary.json";
    public const string EpisodesFile = "episodes.csv";
    public const string PlotFile = "phi.svg";
    public const string WeightsFile = "weights.json";
    public const string CheckpointFolder = "checkpoint";
    public const string LockFile = "run.lock";
    public const string LogFile = "run.log";

    /// <summary>The run's name on the cluster that plays it, until it is fetched.</summary>
    public const string HandedInFile = "handed-in";

    /// <summary>Who plays the episodes of a network run, for a run that has no checkpoint yet.</summary>
    public const string PlayedByFile = "played-by";

    public const string TopologyFile = "topology.gml";
    public const string FlowsFile = "flows.json";
    public const string TopologyChangesFile = "topology_changes.json";
    public const string MemoryFile = "memory.bin";
    public const string GeneratorFile = "generator.json";
    public const string PolicyFolder = "policy";
    public const string PolicyFile = PolicyFolder + "/weights.safetensors";
    public const string PolicyMemoryFile = PolicyFolder + "/" + MemoryFile;
    public const string PolicySumsFile = PolicyFolder + "/" + CheckpointSums.File;
    public const string TimelineFile = "timeline.csv";
    public const string TimelinePlotFile = "timeline.svg";
    public const string InstanceFile = "instance.json";
    public const string RoundsFile = "rounds.csv";
    public const string LoadsPlotFile = "loads.svg";
    public const string ScalingFile = "scaling.csv";
    public const string ScalingPlotFile = "scaling.svg";
    public const string PoliciesFile = "policies.csv";
    public const string TraceFile = "trace.csv";
    public const string LoadsFile = "loads.csv";

    public const string ServerStatesFile = "states.csv";
    public const string CompletionPlotFile = "completion.svg";
    public const string ServedPlotFile = "served.svg";
    public const string GoodputPlotFile = "goodput.svg";
    public const string LearningPlotFile = "learning.svg";

    // What the system says of a file that another process has locked: Linux, macOS, Windows.
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];

    private RunFolder(string path) => FullPath = path;

    /// <summary>Whether a folder's configuration is that of a comparison on one machine (<c>akkalb testbed</c>), which is no run.</summary>
    public static bool IsTestbed(Config written) => written.HasPath("akkalb.testbed");

    public string FullPath { get; }

    /// <summary>What it is called to the user.</summary>
    internal string ShownPath => Near(FullPath);

    public string this[string file] => Path.Combine(FullPath, file);

    /// <summary>A path relative to the working directory when it lies below it.</summary>
    public static string Near(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    /// <summary>Makes a new run folder.</summary>
    /// <param name="requested">
    /// The user's choice, which must be new or empty; null for the first free <paramref name="name"/> under <paramref name="root"/>.
    /// </param>
    /// <exception cref="InvalidInputException">The requested folder holds something, or cannot be made.</exception>
    public static RunFolder Create(string? requested, string root, string name)
    {
        if (requested is not null)
        {
            ThrowIfUsed(requested);
        }
        string path = Path.GetFullPath(requested ?? Path.Combine(root, name));
        try
        {
            if (requested is null)
            {
                path = MakeFirstFree(path);
            }
            else
            {
                Directory.CreateDirectory(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{requested ?? path}: cannot make the run folder: {e.Message}");
        }
        return new RunFolder(path);
    }

    /// <summary>Opens the folder of an earlier run.</summary>
    /// <exception cref="InvalidInputException">It is not a run folder.</exception>
    public static RunFolder Open(string path)
    {
        RunFolder folder = new(Path.GetFullPath(path));
        return File.Exists(folder[ConfigurationFile])
            ? folder
            : throw new InvalidInputException($"{path}: expected a run folder with {ConfigurationFile} in it");
    }

    /// <summary>Whether the run has come to its end, whatever its family.</summary>
    public bool IsFinished
    {
        get
        {
            try
            {
                using JsonDocument summary = JsonDocument.Parse(File.ReadAllText(this[SummaryFile]));
                return summary.RootElement.GetProperty("status").GetString() == RunSummary.Finished;
            }
            catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>The folder at a path that need not hold anything yet.</summary>
    public static RunFolder At(string path) => new(Path.GetFullPath(path));

    /// <summary>Writes files by name, the configuration, which makes the folder a run folder, last.</summary>
    internal void Write(IReadOnlyDictionary<string, string> files)
    {
        foreach ((string file, string content) in files.OrderBy(f => f.Key == ConfigurationFile))
        {
            Write(file, content);
        }
    }

    /// <summary>Keeps other processes from working on the folder, until it is disposed of or the process ends, however it ends.</summary>
    /// <param name="what">The folder is, in errors.</param>
    /// <param name="file">That is locked.</param>
    /// <exception cref="InvalidInputException">Another process has it, or the folder cannot be written to.</exception>
    public IDisposable Lock(string what = "a run", string file = LockFile) => TryLock(what, file, out Exception? failure)
        ?? throw new InvalidInputException($"{FullPath}: expected {what} in a folder that can be written to: {failure!.Message}", failure);

    /// <summary>Keeps other processes from working on a folder that is only read; where nobody can write, nobody has to be kept.</summary>
    /// <exception cref="InvalidInputException">Another process has it.</exception>
    public IDisposable? LockToRead() => TryLock("a run", LockFile, out _);

    /// <returns>Null: it cannot be written to.</returns>
    private FileStream? TryLock(string what, string file, out Exception? failure)
    {
        try
        {
            failure = null;
            return new FileStream(this[file], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failure = e;
            return InUse.Contains(e.HResult)
                ? throw new InvalidInputException($"{FullPath}: expected {what} that no other process works on: another one does", e)
                : null;
        }
    }

    /// <summary>Writes a file whole or not at all: a reader or a crash never sees half of it.</summary>
    public void Write(string file, string content) => Write(file, stream =>
    {
        using StreamWriter writer = new(stream);
        writer.Write(content);
    });

    /// <inheritdoc cref="Write(string,string)"/>
    public void Write(string file, Action<Stream> content)
    {
        string target = this[file], temporary = target + ".new";
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using (FileStream stream = File.Create(temporary))
        {
            content(stream);
        }
        File.Move(temporary, target, overwrite: true);
    }

    /// <summary>Whether a new run may have this folder.</summary>
    /// <param name="requested">The user's choice.</param>
    /// <exception cref="InvalidInputException">It is a file, or holds something.</exception>
    public static void ThrowIfUsed(string requested)
    {
        string? found = requested.Length == 0 ? "''"
            : File.Exists(requested) ? "a file"
            : !Directory.Exists(requested) || !Directory.EnumerateFileSystemEntries(requested).Any() ? null
            : File.Exists(Path.Combine(requested, ConfigurationFile)) ? "one with a run in it ('akkalb resume' goes on with runs)"
            : "one with files in it";
        if (found is not null)
        {
            string shown = requested.Length == 0 ? "--out" : requested;
            throw new InvalidInputException($"{shown}: expected a new or empty folder for the run's results, found {found}");
        }
    }

    private static string MakeFirstFree(string path)
    {
        string candidate = path;
        for (int i = 2; !TryMake(candidate); i++)
        {
            candidate = $"{path}-{i}";
        }
        return candidate;
    }

    /// <summary>Making a folder that another process has just made succeeds, too: whoever makes the file in it has it.</summary>
    private static bool TryMake(string path)
    {
        if (Path.Exists(path))
        {
            return false;
        }
        Directory.CreateDirectory(path);
        string claim = Path.Combine(path, LockFile);
        try
        {
            using FileStream made = new(claim, FileMode.CreateNew);
            return true;
        }
        catch (IOException) when (File.Exists(claim) || !Directory.Exists(path))
        {
            return false;
        }
    }
}
