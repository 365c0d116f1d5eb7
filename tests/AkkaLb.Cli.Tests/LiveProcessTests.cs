using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;

namespace AkkaLb.Cli.Tests;

/// <summary>The built program as servers, as a load on them, and as a testbed of both with real proxies.</summary>
public sealed class LiveProcessTests : IDisposable
{
    // On a machine that also runs other tests nothing may be void.
    private static readonly string[] NeverVoid = ["--set", "load.late-limit=1h", "--set", "load.processor-limit=1"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Task SignalAsync(string signal, int process) =>
        new Command("kill").WithArguments([$"-{signal}", $"{process}"]).ExecuteAsync();

    [SkippableFact]
    public async Task Servers_UnderALoad_AnswerItAndStopAtSigterm()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        StringBuilder output = new();
        TaskCompletionSource<string> told = new();
        CommandTask<BufferedCommandResult> servers = BuiltProgram.Command(
            "servers", "--set", "servers.slots=[4, 4]", "--set", "servers.port=0", "--json")
            .WithStandardOutputPipe(PipeTarget.ToDelegate(line =>
            {
                output.Append(line);
                if (line == "}")
                {
                    told.TrySetResult(output.ToString());
                }
            }))
            .ExecuteBufferedAsync();
        await Task.WhenAny(told.Task, servers);
        using JsonDocument started = JsonDocument.Parse(await told.Task);
        string[] targets = [.. started.RootElement.GetProperty("servers").EnumerateArray().SelectMany(
            s => (string[])["--target", $"http://{s.GetProperty("address").GetString()}/"])];

        BufferedCommandResult load = await BuiltProgram.Command(
            ["load", .. targets, .. NeverVoid, "--json",
                "--set", "load.duration=500ms", "--set", "load.warm-up=100ms", "--set", "load.work=5ms"])
            .ExecuteBufferedAsync();
        load.ExitCode.ShouldBe(0, load.StandardError);
        using JsonDocument report = JsonDocument.Parse(load.StandardOutput);
        report.RootElement.GetProperty("all").GetProperty("errors").GetInt64().ShouldBe(0);
        report.RootElement.GetProperty("all").GetProperty("shares").GetArrayLength().ShouldBe(2);
        report.RootElement.GetProperty("void").ValueKind.ShouldBe(JsonValueKind.Null);

        await SignalAsync("TERM", servers.ProcessId);
        BufferedCommandResult outcome = await servers;
        outcome.ExitCode.ShouldBe(0);
        outcome.StandardError.TrimEnd().ShouldBe("akkalb: servers stopped");
    }

    [SkippableFact]
    public async Task Testbed_InterruptedAndStartedAgain_GoesOnWhereItWas()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        string file = Path.Combine(_folder.FullPath, "bed.conf"), run = Path.Combine(_folder.FullPath, "run");
        await File.WriteAllTextAsync(file, """
            akkalb {
              servers.slots = [2, 4]
              load { work = 10ms, duration = 2s, warm-up = 100ms, late-limit = 1h, processor-limit = 1 }
              testbed { contenders = ["sed right", "lsq"], loads = [0.3], proxies = [1], seeds = [1], ready-within = 60s }
            }
            """);
        string[] command = ["testbed", file, "--out", run, "--json"];
        TaskCompletionSource<string> first = new();
        CommandTask<BufferedCommandResult> interrupted = BuiltProgram.Command(command)
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line =>
            {
                if (line.StartsWith("1 of 2:", StringComparison.Ordinal))
                {
                    first.TrySetResult(line);
                }
            }))
            .ExecuteBufferedAsync();
        await Task.WhenAny(first.Task, interrupted);
        (await first.Task).ShouldContain("0 errors");
        await SignalAsync("INT", interrupted.ProcessId);
        BufferedCommandResult stopped = await interrupted;
        stopped.ExitCode.ShouldBe(ExitCodes.Interrupted, stopped.StandardError);
        stopped.StandardError.ShouldContain("akkalb: stopped after 1 run; everything so far is kept");
        string report = Directory.EnumerateFiles(run, "report.json", SearchOption.AllDirectories).ShouldHaveSingleItem();
        string before = await File.ReadAllTextAsync(report);

        BufferedCommandResult finished = await BuiltProgram.Command(command).ExecuteBufferedAsync();

        finished.ExitCode.ShouldBe(0, finished.StandardError);
        (await File.ReadAllTextAsync(report)).ShouldBe(before);
        using JsonDocument summary = JsonDocument.Parse(finished.StandardOutput);
        summary.RootElement.GetProperty("status").GetString().ShouldBe("finished");
        summary.RootElement.GetProperty("policies").EnumerateObject().Select(p => p.Name).ShouldBe(["sed-right", "lsq"]);
        summary.RootElement.GetProperty("rows").EnumerateArray().ShouldAllBe(r => Requests(r, "simulated") == Requests(r, "figures"));
        string[] results =
        [
            "table.md", "table.csv", "shares.csv", "percentiles.csv", "latency-load0.3-proxies1.svg", "shares-load0.3-proxies1-lsq.svg",
        ];
        foreach (string result in results)
        {
            File.Exists(Path.Combine(run, result)).ShouldBeTrue(result);
        }
    }

    private static long Requests(JsonElement row, string figures) => row.GetProperty(figures).GetProperty("requests").GetInt64();
}
