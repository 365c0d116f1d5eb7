using System.Diagnostics;
using System.Globalization;

namespace AkkaLb.Live.Testbed;

/// <summary>Processes of a testbed that was killed and could not end them: each has left a file with its number.</summary>
internal static class Leftovers
{
    private const string Extension = ".pid";

    /// <summary>The file of a process whose log is <paramref name="log"/>.</summary>
    public static string FileOf(string log) => log + Extension;

    /// <summary>Ends those whose files lie under a folder, if they still are what they were: their command names the folder.</summary>
    public static void End(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }
        foreach (string file in Directory.EnumerateFiles(folder, $"*{Extension}", SearchOption.AllDirectories))
        {
            if (int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && CommandOf(id).Contains(folder, StringComparison.Ordinal))
            {
                Kill(id);
            }
            File.Delete(file);
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>The command line of a process; nothing where there is none, or the system does not tell.</summary>
    private static string CommandOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
