using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Live.Testbed;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb testbed</c>: load balancers compared on this machine.</summary>
internal static class TestbedCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "testbed",
            "Compare load balancers on real traffic to test servers on this machine, into a run folder",
            """
            Starts test servers, and for every contender, load, number of proxies and seed the balancers as processes; sends all of them the
            same requests, in an order that is another for every seed. A run is void, and repeated, when requests were sent late or the
            processors were too busy. The run folder holds a table with paired confidence intervals, distributions of latency, shares of
            servers over time, and every request. Keys: hocon/live/reference-testbed.conf.
            Ctrl-C stops everything it started and keeps what is finished; the same command with --out, or with the run folder in place of
            the file, goes on.
            """,
            "akkalb testbed hocon/live/testbed.conf",
            "akkalb testbed hocon/live/testbed.conf --set testbed.loads=[0.7] --set testbed.seeds=[1,2,3] --json",
            "akkalb testbed runs/testbed");
        Argument<string> source = new("TESTBED")
        {
            Description = "A file with a section 'testbed' (HOCON), or the run folder of a comparison that was stopped",
        };
        Option<string[]> set = Options.Set("Override a configuration key (relative to akkalb); may be given several times");
        Option<string?> output = new("--out")
        {
            Description = "Run folder, new or empty, or that of the same comparison (default: a fresh one under runs/)",
            HelpName = "FOLDER",
        };
        Option<bool> json = Options.Json("the content of summary.json");
        command.Add(source);
        foreach (Option option in new Option[] { set, output, json })
        {
            command.Add(option);
        }
        command.SetAction(async (parsed, cancellation) =>
        {
            TestbedProgressLines lines = new(host);
            (TestbedSummary summary, string folder) = await TestbedRun.RunAsync(
                parsed.GetRequiredValue(source), parsed.GetValue(set) ?? [], parsed.GetValue(output), lines.Show, cancellation);
            if (parsed.GetValue(json))
            {
                host.Out.WriteLine(summary.ToJson());
            }
            else
            {
                TestbedReport.Write(Terminal.ForResult(host), summary, folder);
            }
            if (summary.Status != RunSummary.Stopped)
            {
                return ExitCodes.Success;
            }
            host.Error.WriteLine(
                $"akkalb: stopped after {Terminal.Plain(summary.Runs, "run")}; everything so far is kept, go on with: "
                + $"akkalb testbed {Terminal.ShellWord(RunFolder.Near(folder))}");
            return ExitCodes.Interrupted;
        });
        return command;
    }
}
