using System.Security.Cryptography;
using System.Text;

namespace AkkaLb.Runtime.Runs;

/// <summary>
/// The folder <c>checkpoint</c> of a run: files of one moment. It is replaced as a whole; a process that dies while doing so
/// leaves the old one or the new one. <see cref="CheckpointSums.File"/> in it says what the others hold.
/// </summary>
internal static class Checkpoint
{
    private const string New = ".new", Old = ".old";

    /// <summary>Replaces a run's checkpoint by these files, and <see cref="CheckpointInputs"/>.</summary>
    /// <inheritdoc cref="Write(string,IReadOnlyDictionary{string,Action{Stream}})"/>
    public static string Write(RunFolder folder, IReadOnlyDictionary<string, Action<Stream>> files) =>
        Write(folder[RunFolder.CheckpointFolder], files.Concat(CheckpointInputs.Of(folder)).ToDictionary());

    /// <summary>Replaces a checkpoint by these files.</summary>
    /// <param name="current">Its folder.</param>
    /// <returns>SHA-256 of the files' contents in the order of their names, 64 hex digits.</returns>
    public static string Write(string current, IReadOnlyDictionary<string, Action<Stream>> files)
    {
        string fresh = current + New, old = current + Old;
        Delete(fresh);
        Directory.CreateDirectory(fresh);
        foreach ((string file, Action<Stream> write) in files)
        {
            WriteFile(Path.Combine(fresh, file), write);
        }
        string sums = CheckpointSums.Of(fresh);
        WriteFile(Path.Combine(fresh, CheckpointSums.File), stream => stream.Write(Encoding.UTF8.GetBytes(sums)));
        string hash = Hash(fresh);
        if (Directory.Exists(current))
        {
            // Not before: without a current one it is all that there is.
            Delete(old);
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
    public static string? Find(RunFolder folder) => Find(folder[RunFolder.CheckpointFolder]);

    /// <inheritdoc cref="Find(RunFolder)"/>
    public static string? Find(string current) => new[] { current, current + Old }.FirstOrDefault(Directory.Exists);

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
