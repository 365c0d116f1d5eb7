using System.CommandLine;
using System.Globalization;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Live.Configuration;
using AkkaLb.Live.Load;
using AkkaLb.Live.Timing;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb load</c>: an open-loop load and its latencies.</summary>
internal static class LoadCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "load",
            "Send requests when they are due and measure their latency from then",
            """
            Requests do not wait for answers (open loop): Poisson, a diurnal mix of two classes, or the rows of a trace file; the same seed
            sends the same. Each brings its service time (header X-AkkaLb-Work) to the servers of 'akkalb servers'.
            The run is void, and the exit code 1, when requests were sent late or the machine's processors were too busy, as then it
            measures the generator. Keys: hocon/live/reference-testbed.conf.
            Ctrl-C ends it and shows what was measured until then.
            """,
            "akkalb load --target http://127.0.0.1:8101/ --set load.rate=30 --set load.duration=10s",
            "akkalb load hocon/live/load.conf --seed 7 --json",
            "akkalb load hocon/live/load.conf --csv requests.csv --histogram latency.hgrm");
        Argument<string?> file = new("LOAD")
        {
            Description = "A file with a section 'load' (HOCON); none: all defaults", Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string[]> target = new("--target")
        {
            Description = "Where requests go, in place of the file's; may be given several times",
            HelpName = "URL",
            DefaultValueFactory = _ => [],
        };
        Option<string[]> set = Options.Set("Override a configuration key (relative to akkalb); may be given several times");
        Option<ulong?> seed = Options.Seed("Root of all randomness; wins over the file's");
        Option<string?> csv = new("--csv") { Description = "Write every request into this file", HelpName = "OUT.csv" };
        Option<string?> histogram = new("--histogram")
        {
            Description = "Write the percentiles in milliseconds, as HdrHistogram prints them", HelpName = "OUT.hgrm",
        };
        Option<bool> force = Options.Force();
        Option<bool> json = Options.Json("latencies in seconds, errors, shares of servers, whether the run is void");
        command.Add(file);
        foreach (Option option in new Option[] { target, set, seed, csv, histogram, force, json })
        {
            command.Add(option);
        }
        command.SetAction(async (parsed, cancellation) =>
        {
            OutputFile? table = Output(parsed.GetValue(csv), "--csv"), percentiles = Output(parsed.GetValue(histogram), "--histogram");
            (LoadOptions options, IReadOnlyList<Uri> targets) = LiveFiles.Load(
                parsed.GetValue(file), parsed.GetValue(set) ?? [], parsed.GetValue(seed), parsed.GetValue(target) ?? []);
            string seconds = (options.Traffic.Duration / 1e9).ToString("0.#", CultureInfo.InvariantCulture);
            using PreciseTimeProvider time = new();
            LoadRun run = await LoadRun.RunAsync(
                options,
                targets,
                time,
                () => host.Error.WriteLine($"sending for {seconds} s to {string.Join(", ", targets)}"),
                cancellation);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, run.Report);
            }
            else
            {
                LoadReportView.Write(Terminal.ForResult(host), run.Report);
            }
            table?.Write(run.ToCsv(), CancellationToken.None);
            percentiles?.Write(run.WriteHistogram, CancellationToken.None);
            if (run.Report.Void is { } reason && !cancellation.IsCancellationRequested)
            {
                host.Error.WriteLine($"akkalb: the run is void: {reason}");
                return ExitCodes.Failure;
            }
            cancellation.ThrowIfCancellationRequested();
            if (run.Report.All.Requests == run.Report.All.Errors)
            {
                string found = string.Join(", ", run.Report.Statuses.Select(status => $"{status.Value} × {status.Key}"));
                host.Error.WriteLine($"akkalb: no request was answered 2xx: {found}");
                return ExitCodes.Failure;
            }
            return ExitCodes.Success;

            OutputFile? Output(string? path, string option) => path is null ? null : OutputFile.Of(path, option, parsed);
        });
        return command;
    }
}
