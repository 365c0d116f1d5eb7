namespace AkkaLb.Cli;

internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command failed for a reason that lies in the machine or the program.</summary>
    public const int Failure = 1;

    /// <summary>A file, option or value of the user is not valid.</summary>
    public const int BadInput = 2;

    /// <summary>
    /// Ctrl-C or SIGTERM ended the command cleanly: what was reached is kept and shown (128 + SIGINT, the shells' custom).
    /// </summary>
    public const int Interrupted = 130;
}
