using System.Runtime.InteropServices;

namespace AkkaLb.Live;

/// <summary>Signals to other processes; no such thing where this system has none.</summary>
internal static partial class Signals
{
    private const int SigHup = 1, SigTerm = 15;

    /// <summary>
    /// Asks a process to end. SIGTERM and not SIGINT: a shell lets what it starts in the background ignore the latter, and the children of
    /// that.
    /// </summary>
    /// <returns>False when nobody was asked: there is no such process any more, or this system has no signals.</returns>
    public static bool Terminate(int process) => Send(process, SigTerm) is null;

    /// <summary>Asks a process to read its configuration anew.</summary>
    /// <returns>Null: it was asked; else why not.</returns>
    public static string? HangUp(int process) => Send(process, SigHup);

    private static string? Send(int process, int signal) => OperatingSystem.IsWindows() ? "there are no signals on this system"
        : Kill(process, signal) == 0 ? null
        : Marshal.GetLastPInvokeErrorMessage();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
