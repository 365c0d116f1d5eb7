using System.Security.Cryptography;
using System.Text;

namespace AkkaLb.Runtime.Runs;

/// <summary>
/// A checkpoint's list of SHA-256 sums, as <c>sha256sum --check</c> reads it: a line for each file, and as a comment the sum of these
/// lines. It tells which file is damaged, and the journal's one hash covers it.
/// </summary>
internal static class CheckpointSums
{
    public const string File = "SHA256SUMS";

    private const string OwnSum = "# ";

    /// <summary>The list of a folder that has none yet.</summary>
    public static string Of(string path)
    {
        StringBuilder lines = new();
        foreach (string file in Directory.EnumerateFiles(path).Order(StringComparer.Ordinal))
        {
            lines.Append(Line(file, Path.GetFileName(file)));
        }
        return lines + OwnSum + Sum(Encoding.UTF8.GetBytes(lines.ToString())) + "\n";
    }

    /// <returns>One line that names a file that is not as it was written; null when all are, or when there is no list.</returns>
    public static string? Problem(string path)
    {
        string list = Path.Combine(path, File);
        if (!System.IO.File.Exists(list))
        {
            return null;
        }
        string text = Encoding.Latin1.GetString(System.IO.File.ReadAllBytes(list));
        int own = text.LastIndexOf(OwnSum, StringComparison.Ordinal);
        if (own < 0 || text[own..] != OwnSum + Sum(Encoding.Latin1.GetBytes(text[..own])) + "\n")
        {
            return $"{list}: damaged: expected the SHA-256 sums of the files beside it, and as the last line their own";
        }
        foreach (string line in text[..own].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split("  ", 2);
            string file = Path.Combine(path, parts[^1]);
            if (!System.IO.File.Exists(file))
            {
                return $"{file}: no such file, expected a whole checkpoint";
            }
            string found = Sum(file);
            if (found != parts[0])
            {
                return $"{file}: damaged: its SHA-256 is {found}, expected {parts[0]}, with which it was written";
            }
        }
        return null;
    }

    /// <summary>A file's line in such a list.</summary>
    /// <param name="name">Of the file as the list has it.</param>
    public static string Line(string file, string name) => $"{Sum(file)}  {name}\n";

    /// <returns>A file's SHA-256, 64 hex digits.</returns>
    public static string Sum(string file)
    {
        using FileStream content = System.IO.File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private static string Sum(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
