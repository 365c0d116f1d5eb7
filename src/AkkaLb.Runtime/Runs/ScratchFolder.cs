using AkkaLb.Domain;

namespace AkkaLb.Runtime.Runs;

/// <summary>Folders for what is needed for the time of a command.</summary>
public static class ScratchFolder
{
    /// <summary>Makes a new one where the system has temporary files.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="InvalidInputException">There is no such place, or it cannot be written.</exception>
    public static string Create(string prefix)
    {
        try
        {
            return Directory.CreateTempSubdirectory(prefix).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"{Path.GetTempPath()}: expected a folder for temporary files that can be written (TMPDIR): {e.Message}", e);
        }
    }
}
