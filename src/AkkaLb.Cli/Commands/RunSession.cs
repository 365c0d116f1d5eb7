using AkkaLb.Cli.Output;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Cli.Commands;

/// <summary>Shows a run while it goes on and its result when it ends; shared by run, train and resume.</summary>
internal static class RunSession
{
    public static async Task<int> ExecuteAsync(CommandHost host, bool json, Func<IRunObserver, Task<RunResult>> run)
    {
        RunProgress progress = new(host.Time);
        RunResult result = host.ErrorIsTerminal
            ? await new LiveRunDisplay(host, progress).ShowAsync(run)
            : await new PlainRunDisplay(host, progress).ShowAsync(run);

        if (json)
        {
            host.Out.WriteLine(result.Summary.ToJson());
        }
        else
        {
            RunReport.Write(Terminal.ForResult(host), result, progress.Plan);
        }
        if (result.Summary.Status != "stopped")
        {
            return ExitCodes.Success;
        }
        host.Error.WriteLine($"akkalb: stopped after {result.Summary.Metrics.Episodes} episodes; everything so far is kept, go on with: akkalb resume {Terminal.ShellWord(Terminal.NearPath(result.RunFolder))}");
        return ExitCodes.Interrupted;
    }
}
