using AkkaLb.Domain;

namespace AkkaLb.Cli.Input;

/// <summary>Reads a user's text file whole, or says in one line why not.</summary>
internal static class InputFile
{
    /// <param name="option">The option that named the file.</param>
    /// <param name="content">What was expected, for example "a GML topology".</param>
    /// <param name="allowLatin1">Whether a file of this kind may be Latin-1 where it is not UTF-8.</param>
    /// <exception cref="InvalidInputException">There is no such file, or it cannot be read.</exception>
    public static string Read(string path, string option, string content, bool allowLatin1 = false) =>
        TextInput.Decode(ReadBytes(path, option, content), path, allowLatin1);

    /// <summary>The bytes of a file, some of whose formats are no text.</summary>
    /// <inheritdoc cref="Read"/>
    public static byte[] ReadBytes(string path, string option, string content)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidInputException($"{path}: {option}: expected {content}, found a folder");
        }
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidInputException($"{path}: {option}: expected {content}, found no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidInputException($"{path}: {option}: expected {content}, cannot read it: {e.Message}", e);
        }
    }
}
