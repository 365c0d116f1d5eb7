using System.Security.Cryptography;
using AkkaLb.Domain;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.Network.Learners;

namespace AkkaLb.Runtime.Runs;

/// <summary>
/// The folder <c>checkpoint</c> of a run: the learner's weights and moments and the state of the run, all of one moment. It is
/// replaced as a whole; a process that dies while doing so leaves the old one or the new one.
/// </summary>
internal static class Checkpoint
{
    private const string New = RunFolder.CheckpointFolder + ".new", Old = RunFolder.CheckpointFolder + ".old";

    /// <returns>SHA-256 of the files' contents in the order of their names, 64 hex digits.</returns>
    public static string Write(RunFolder folder, PpoLearner learner, RunState state)
    {
        Dictionary<string, Action<Stream>> files = new()
        {
            [PpoCheckpoint.WeightsFile] = stream => PpoCheckpoint.WriteWeights(learner, stream),
            [PpoCheckpoint.OptimiserFile] = stream => PpoCheckpoint.WriteOptimiser(learner, stream),
        };
        if (learner.Experience is { } experience)
        {
            files[RunFolder.MemoryFile] = experience.WriteMark;
        }
        files[RunState.File] = stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(state.ToJson()));
        return Write(folder, files);
    }

    /// <summary>Replaces a run's checkpoint by these files.</summary>
    /// <returns>SHA-256 of the files' contents in the order of their names, 64 hex digits.</returns>
    public static string Write(RunFolder folder, IReadOnlyDictionary<string, Action<Stream>> files)
    {
        string current = folder[RunFolder.CheckpointFolder], fresh = folder[New], old = folder[Old];
        Delete(fresh);
        Directory.CreateDirectory(fresh);
        foreach ((string file, Action<Stream> write) in files)
        {
            WriteFile(Path.Combine(fresh, file), write);
        }
        string hash = Hash(fresh);
        Delete(old);
        if (Directory.Exists(current))
        {
            Directory.Move(current, old);
        }
        Directory.Move(fresh, current);
        Delete(old);
        return hash;
    }

    /// <returns>SHA-256 of the files' contents in the order of their names, 64 hex digits.</returns>
    public static string Hash(string path)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Directory.EnumerateFiles(path).Order(StringComparer.Ordinal))
        {
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Where a run's last whole checkpoint lies; null when it has none.</summary>
    /// <remarks>Between its two moves a writer leaves the old checkpoint under its other name.</remarks>
    public static string? Find(RunFolder folder) =>
        new[] { folder[RunFolder.CheckpointFolder], folder[Old] }.FirstOrDefault(Directory.Exists);

    /// <summary>Brings a fresh learner to the last checkpoint's state; null when the run has none.</summary>
    /// <exception cref="InvalidInputException">A file of it is missing or damaged.</exception>
    public static RunState? Restore(RunFolder folder, PpoLearner learner)
    {
        if (Find(folder) is not { } path)
        {
            return null;
        }
        string weights = Path.Combine(path, PpoCheckpoint.WeightsFile), optimiser = Path.Combine(path, PpoCheckpoint.OptimiserFile), state = Path.Combine(path, RunState.File);
        try
        {
            using FileStream weightsStream = File.OpenRead(weights), optimiserStream = File.OpenRead(optimiser);
            PpoCheckpoint.Restore(learner, weightsStream, weights, optimiserStream, optimiser);
            if (learner.Experience is { } experience)
            {
                using FileStream memory = File.OpenRead(Path.Combine(path, RunFolder.MemoryFile));
                experience.Restore(memory, memory.Name);
            }
            return RunState.FromJson(File.ReadAllText(state), state);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: expected a whole checkpoint: {e.Message}", e);
        }
    }

    private static void WriteFile(string path, Action<Stream> write)
    {
        using FileStream stream = File.Create(path);
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
