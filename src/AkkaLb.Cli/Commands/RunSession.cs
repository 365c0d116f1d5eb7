using AkkaLb.Cli.Output;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Telemetry;

namespace AkkaLb.Cli.Commands;

/// <summary>Shows a run while it goes on and its result when it ends; shared by run, train and resume.</summary>
internal static class RunSession
{
    /// <summary>Shows on stderr how the work goes on.</summary>
    /// <param name="nodes">Of the cluster that it is on, where they are shown; null: none.</param>
    public static Task<RunResult> WatchAsync(
        CommandHost host, RunProgress progress, Func<IRunObserver, Task<RunResult>> run, NodesProgress? nodes = null) =>
        host.ErrorIsTerminal
            ? new LiveRunDisplay(host, progress, nodes).ShowAsync(run)
            : new PlainRunDisplay(host, progress).ShowAsync(run);

    public static async Task<int> ExecuteAsync(
        CommandHost host, bool json, Func<IRunObserver, Task<RunResult>> run, NodesProgress? nodes = null)
    {
        using IDisposable? telemetry = TelemetryExport.Start("akkalb-run");
        RunProgress progress = new(host.Time);
        RunResult result = await WatchAsync(host, progress, run, nodes);
        if (json)
        {
            host.Out.WriteLine(result.Summary.ToJson());
        }
        else
        {
            RunReport.Write(Terminal.ForResult(host), result, progress.Plan);
        }
        if (result.Summary.Status != RunSummary.Stopped)
        {
            return ExitCodes.Success;
        }
        string reached = result.Summary switch
        {
            NetworkSummary network => $" after {Terminal.Plain(network.Metrics.Episodes, "episode")}",
            DataCenterSummary { Metrics.Repetitions: 0, Training: { } training } =>
                $" after {Terminal.Plain(training.Episodes, "training episode")}",
            GridSummary grid => $" after {grid.Finished} of {grid.Runs} runs",
            _ => "",
        };
        // What an agent learns, it learns at an update; episodes after the last one are played again.
        int played = (result.Summary as NetworkSummary)?.Metrics.Episodes ?? 0;
        string kept = result.KeptEpisodes switch
        {
            0 when played > 0 => ", before the first policy update: nothing is learnt yet, begin again with",
            { } episodes when episodes < played => $"; everything up to the last policy update, after {episodes}, is kept, go on with",
            _ => "; everything so far is kept, go on with",
        };
        host.Error.WriteLine($"akkalb: stopped{reached}{kept}: akkalb resume {Terminal.ShellWord(RunFolder.Near(result.RunFolder))}");
        return ExitCodes.Interrupted;
    }
}
