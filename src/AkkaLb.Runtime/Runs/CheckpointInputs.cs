using System.Text;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Runs;

/// <summary>
/// What a run had learnt from when it made its first checkpoint: the keys of its configuration that count, and the sums of its input
/// files. Both lie in every checkpoint, so that a run goes on with the same alone.
/// </summary>
internal static class CheckpointInputs
{
    private const string ConfigurationFile = "configuration.conf", SumsFile = "inputs.sha256";

    // The policy of another run has sums and a check of its own.
    private static readonly string[] Inputs =
        [RunFolder.TopologyFile, RunFolder.FlowsFile, RunFolder.TopologyChangesFile, RunFolder.TraceFile];

    // What a run is called, how long it is, where it keeps what it does, and who computes it.
    private static readonly string[] Free =
    [
        "akkalb.name", "akkalb.network.training.episodes", "akkalb.datacenter.learning.episodes", "akkalb.journal", "akkalb.learning",
        "akkalb.tensorboard",
    ];

    /// <summary>The files that a new checkpoint has of it: those of the one before, if there is one.</summary>
    public static IReadOnlyDictionary<string, Action<Stream>> Of(RunFolder folder)
    {
        Dictionary<string, Action<Stream>> files = [];
        string? before = Checkpoint.Find(folder);
        if (before is not null && File.Exists(Path.Combine(before, ConfigurationFile)))
        {
            foreach (string file in new[] { ConfigurationFile, SumsFile }.Where(file => File.Exists(Path.Combine(before, file))))
            {
                byte[] content = File.ReadAllBytes(Path.Combine(before, file));
                files[file] = stream => stream.Write(content);
            }
            return files;
        }
        Config began = ConfigurationLoader.Load(folder[RunFolder.ConfigurationFile], []);
        files[ConfigurationFile] = stream => stream.Write(Encoding.UTF8.GetBytes(ConfigurationDifference.Essence(began, Free)));
        string sums = string.Concat(
            Inputs.Where(input => File.Exists(folder[input])).Select(input => CheckpointSums.Line(folder[input], $"../{input}")));
        if (sums.Length > 0)
        {
            files[SumsFile] = stream => stream.Write(Encoding.UTF8.GetBytes(sums));
        }
        return files;
    }

    /// <param name="now">The run's configuration as it is now.</param>
    /// <exception cref="InvalidInputException">It, or an input file, is another: one line that names the key or the file.</exception>
    public static void ThrowIfChanged(RunFolder folder, Config now)
    {
        // Checkpoints of earlier versions know neither.
        if (Checkpoint.Find(folder) is not { } path || !File.Exists(Path.Combine(path, ConfigurationFile)))
        {
            return;
        }
        string file = Path.Combine(path, ConfigurationFile);
        if (ConfigurationDifference.Find(ConfigurationLoader.Load(file, []), now, Free) is { } other)
        {
            throw new InvalidInputException(
                $"{folder[RunFolder.ConfigurationFile]}: '{other.Key}' is '{other.Now}', expected '{other.Before}', with which the run "
                + "began; begin another run for another experiment");
        }
        string sums = Path.Combine(path, SumsFile);
        foreach (string line in File.Exists(sums) ? File.ReadAllLines(sums) : [])
        {
            string[] parts = line.Split("  ", 2);
            string input = Path.GetFullPath(Path.Combine(path, parts[^1]));
            if (!File.Exists(input) || CheckpointSums.Sum(input) != parts[0])
            {
                throw new InvalidInputException(
                    $"{input}: {(File.Exists(input) ? "changed" : "no such file")}: expected the file with which the run began, of "
                    + $"SHA-256 {parts[0]}");
            }
        }
    }
}
