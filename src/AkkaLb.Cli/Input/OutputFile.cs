using System.CommandLine;
using System.CommandLine.Parsing;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Cli.Input;

/// <summary>
/// A file that a command writes at its end; checked at its start, so that no work is lost to a bad path. Links stay links: what they lead
/// to is written. What holds nothing (a pipe, a device, an empty file) is written as it is; all else is replaced whole.
/// </summary>
internal sealed class OutputFile
{
    /// <summary>Links that lead to links, before they are taken for a circle.</summary>
    private const int MaxLinks = 40;

    private readonly string _path, _place;
    private readonly bool _asItIs;

    /// <exception cref="InvalidInputException">
    /// The file exists and may not be replaced, its folder does not exist, or nothing can be written there.
    /// </exception>
    public OutputFile(string path, string option, bool force)
    {
        _path = path;
        if (path.Length == 0 || Directory.Exists(path))
        {
            string found = path.Length == 0 ? "nothing" : "a folder";
            throw new InvalidInputException($"{path}: {option}: expected a file to write, found {found}");
        }
        try
        {
            string end = FollowLinks(path, 0);
            // Those of open files (/dev/stdout) lead to names that are no paths.
            _place = end.StartsWith("/proc/", StringComparison.Ordinal) && !File.Exists(end) ? Path.GetFullPath(path) : end;
            string folder = Path.GetDirectoryName(_place)!;
            if (!Directory.Exists(folder))
            {
                throw new InvalidInputException($"{path}: {option}: expected a file in an existing folder, there is no {folder}");
            }
            bool exists = File.Exists(_place);
            _asItIs = exists && new FileInfo(_place).Length == 0;
            if (exists && !_asItIs && !force)
            {
                throw new InvalidInputException($"{path}: {option}: expected a new file, this one exists; --force replaces it");
            }
            if (exists && !_asItIs && IsDatabase(_place))
            {
                throw new InvalidInputException($"{path}: {option}: expected another file, this one is a database, such as a journal");
            }
            if (!_asItIs)
            {
                using FileStream probe = CreateBeside();
                File.Delete(probe.Name);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: {option}: expected a file that can be written: {e.Message}", e);
        }
    }

    /// <summary>The file that an option names; <c>--force</c> lets it replace another, but none that the same command names.</summary>
    /// <exception cref="InvalidInputException">
    /// It cannot be written, or is the file of another option or argument, whatever their names, so that one would be lost.
    /// </exception>
    public static OutputFile Of(string path, string option, ParseResult parsed)
    {
        OutputFile file = new(path, option, parsed.GetValue<bool>("--force"));
        string? same = parsed.CommandResult.Children.Select(child => (
                Name: child is OptionResult named ? named.Option.Name : ((ArgumentResult)child).Argument.Name, child.Tokens))
            .FirstOrDefault(child => child.Name != option && child.Tokens.Any(token => file.Is(token.Value))).Name;
        return same is null ? file : throw new InvalidInputException($"{path}: {option}: expected another file than that of {same}");
    }

    /// <summary>Of a terminal or a device several may be had.</summary>
    private bool Is(string value)
    {
        try
        {
            return value.Length > 0 && !_place.StartsWith("/dev/", StringComparison.Ordinal) && FollowLinks(value, 0) == _place;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // It is no path.
            return false;
        }
    }

    /// <summary>Writes the file; what can be replaced is written whole or not at all.</summary>
    /// <param name="cancellation">Ends waiting for somebody who reads from a pipe; one that is cancelled already does not.</param>
    public void Write(string content, CancellationToken cancellation = default) => Write(writer => writer.Write(content), cancellation);

    /// <inheritdoc cref="Write(string,CancellationToken)"/>
    public void Write(Action<TextWriter> content, CancellationToken cancellation = default)
    {
        if (_asItIs)
        {
            using StreamWriter writer = new(OpenAsItIs(cancellation.IsCancellationRequested ? default : cancellation));
            content(writer);
            return;
        }
        string? temporary = null;
        try
        {
            using (FileStream stream = CreateBeside())
            {
                temporary = stream.Name;
                using StreamWriter writer = new(stream);
                content(writer);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(_place))
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(_place));
            }
            File.Move(temporary, _place, overwrite: true);
            temporary = null;
        }
        finally
        {
            if (temporary is not null)
            {
                File.Delete(temporary);
            }
        }
    }

    /// <summary>Writes the file, or says why not, so that a result which took long can be shown instead.</summary>
    public RunFailedException? TryWrite(string content, CancellationToken cancellation = default) =>
        TryWrite(writer => writer.Write(content), cancellation);

    /// <inheritdoc cref="TryWrite(string,CancellationToken)"/>
    public RunFailedException? TryWrite(Action<TextWriter> content, CancellationToken cancellation = default)
    {
        try
        {
            Write(content, cancellation);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new RunFailedException($"{_path}: cannot be written, so that its content is on stdout: {e.Message}", e);
        }
    }

    /// <summary>Whether a file is of SQLite: what nobody wants to have replaced by a result.</summary>
    private static bool IsDatabase(string path)
    {
        try
        {
            Span<byte> begin = stackalloc byte[16];
            using FileStream file = File.OpenRead(path);
            return file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == begin.Length
                && begin.SequenceEqual("SQLite format 3\0"u8);
        }
        catch (UnauthorizedAccessException)
        {
            // One that may be written and not read.
            return false;
        }
    }

    /// <summary>A new file in the folder, under a name that nobody has.</summary>
    private FileStream CreateBeside()
    {
        string folder = Path.GetDirectoryName(_place)!;
        for (int i = 0; ; i++)
        {
            string name = Path.Combine(folder, $".akkalb-{Environment.ProcessId}-{i}.tmp");
            if (Path.Exists(name))
            {
                continue;
            }
            try
            {
                return new FileStream(name, FileMode.CreateNew, FileAccess.Write);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Of the name nobody knows.
                string cause = e is FileNotFoundException ? $"no file can be made in {folder}"
                    : e.Message.Replace(name, folder, StringComparison.Ordinal);
                throw new IOException(cause, e);
            }
        }
    }

    /// <summary>Opening a pipe waits for its reader.</summary>
    private FileStream OpenAsItIs(CancellationToken cancellation) =>
        Task.Run(() => new FileStream(_place, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), CancellationToken.None)
            .WaitAsync(cancellation).GetAwaiter().GetResult();

    private static string FollowLinks(string path, int links)
    {
        string full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }
        string folder = FollowLinks(parent, links), here = Path.Combine(folder, Path.GetFileName(full));
        return new FileInfo(here).LinkTarget is not { } target
            ? here
            : links < MaxLinks
                ? FollowLinks(Path.Combine(folder, target), links + 1)
                : throw new IOException($"too many links at {here}");
    }
}
