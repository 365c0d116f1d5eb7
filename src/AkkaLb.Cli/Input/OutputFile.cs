using AkkaLb.Domain;

namespace AkkaLb.Cli.Input;

/// <summary>A file that a command writes at its end; checked at its start, so that no work is lost to a bad path.</summary>
internal sealed class OutputFile
{
    private readonly string _path;

    /// <exception cref="InvalidInputException">The file exists and may not be replaced, or its folder does not exist.</exception>
    public OutputFile(string path, string option, bool force)
    {
        _path = path;
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path) || folder is null)
        {
            throw new InvalidInputException($"{path}: {option}: expected a file to write, found a folder");
        }
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException($"{path}: {option}: expected a file in an existing folder, there is no {folder}");
        }
        if (File.Exists(path) && !force)
        {
            throw new InvalidInputException($"{path}: {option}: expected a new file, this one exists; --force replaces it");
        }
    }

    /// <summary>Writes the file whole or not at all.</summary>
    public void Write(string content) => Write(writer => writer.Write(content));

    /// <inheritdoc cref="Write(string)"/>
    public void Write(Action<TextWriter> content)
    {
        string temporary = _path + ".new";
        try
        {
            using (StreamWriter writer = new(temporary))
            {
                content(writer);
            }
            File.Move(temporary, _path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
