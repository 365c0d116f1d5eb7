using System.Collections.Concurrent;
using AkkaLb.Domain;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Dashboard.Runs;

/// <summary>The runs that are shown: those of a folder, or one with those beside it, and those that have begun meanwhile.</summary>
internal sealed class RunCatalog
{
    /// <summary>Folders below the root that are searched; a grid's runs are two below.</summary>
    private const int Depth = 3;

    // A folder of somebody else's hides no other.
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    private readonly ConcurrentDictionary<string, RunFiles> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _begun = new();
    private readonly TimeProvider _time;
    private readonly string? _root;
    private readonly bool _hasRunOfItsOwn;

    public RunCatalog(DashboardOptions options, TimeProvider time)
    {
        _time = time;
        if (options.Runs is not null)
        {
            string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Runs));
            _hasRunOfItsOwn = IsRun(path);
            _root = _hasRunOfItsOwn ? Path.GetDirectoryName(path) : path;
            if (_hasRunOfItsOwn)
            {
                _begun.Enqueue(path);
            }
        }
    }

    /// <summary>The run that a visitor came for; null where there are several, or none yet.</summary>
    public string? Main => _begun.LastOrDefault() is { } path ? IdOf(path) : null;

    public void Add(string runFolder) => _begun.Enqueue(Path.TrimEndingDirectorySeparator(Path.GetFullPath(runFolder)));

    /// <summary>Ids of all runs, in the order of their names.</summary>
    public IReadOnlyList<string> All() => [.. Paths().Select(IdOf).Order(StringComparer.Ordinal)];

    /// <summary>A run by its id; null: there is none of it.</summary>
    /// <returns>The same as before, until another run has taken its folder.</returns>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public RunFiles? Find(string id)
    {
        if (_open.TryGetValue(id, out RunFiles? run) && run.IsReplaced)
        {
            _open.TryRemove(KeyValuePair.Create(id, run));
            run = null;
        }
        if (run is null)
        {
            // An id is looked up and not made a path of: whoever asks chooses it.
            if (Paths().FirstOrDefault(path => IdOf(path) == id) is not { } path)
            {
                return null;
            }
            run = _open.GetOrAdd(id, _ => new RunFiles(id, path, _time));
        }
        run.Refresh();
        return run;
    }

    /// <summary>What a page calls the run of an id: its path below the root.</summary>
    public static string NameOf(string id) => Uri.UnescapeDataString(id.Replace(':', '/').Replace('~', '%'));

    /// <summary>
    /// Its path below the root; the name alone of a run that has begun elsewhere. Folders are parted by ':', and what an address would read
    /// otherwise is escaped, as in addresses but with '~': what routes pages undoes '%' twice.
    /// </summary>
    private string IdOf(string path)
    {
        string shown = _root is not null && path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? Path.GetRelativePath(_root, path)
            : Path.GetFileName(path);
        return string.Join(':', shown.Split(Path.DirectorySeparatorChar)
            .Select(name => Uri.EscapeDataString(name).Replace("~", "%7E", StringComparison.Ordinal).Replace('%', '~')));
    }

    private HashSet<string> Paths()
    {
        HashSet<string> paths = [.. _begun];
        if (_root is not null)
        {
            try
            {
                // Of the root itself it is said that it cannot be read.
                _ = Directory.EnumerateDirectories(_root).Any();
                paths.UnionWith(_hasRunOfItsOwn ? FoldersOf(_root).Where(IsRun) : Below(_root, Depth));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InvalidInputException($"{_root}: expected a folder with run folders in it that can be read: {e.Message}", e);
            }
        }
        return paths;
    }

    private static bool IsRun(string path) => File.Exists(Path.Combine(path, RunFolder.ConfigurationFile));

    private static IEnumerable<string> Below(string folder, int depth) => depth == 0 ? [] : FoldersOf(folder)
        .SelectMany(child => IsRun(child) ? [child] : Below(child, depth - 1));

    private static IEnumerable<string> FoldersOf(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder, "*", Readable);
        }
        catch (DirectoryNotFoundException)
        {
            // It was there a moment ago.
            return [];
        }
    }
}
