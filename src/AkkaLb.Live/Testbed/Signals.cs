using System.Runtime.InteropServices;

namespace AkkaLb.Live.Testbed;

/// <summary>
/// Asks a process to end. SIGTERM and not SIGINT: a shell lets what it starts in the background ignore the latter, and the children of
/// that.
/// </summary>
internal static partial class Signals
{
    private const int SigTerm = 15;

    /// <returns>False when nobody was asked: there is no such process any more, or this system has no signals.</returns>
    public static bool Terminate(int process) => !OperatingSystem.IsWindows() && Kill(process, SigTerm) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
