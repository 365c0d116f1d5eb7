using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;

namespace AkkaLb.Cli.Tests;

/// <summary>The built program in its own process.</summary>
public class ProcessTests
{
    [Fact]
    public async Task Program_Help_ExitCode0OnStdout()
    {
        BufferedCommandResult outcome = await BuiltProgram.Command("--help").ExecuteBufferedAsync();

        outcome.ExitCode.ShouldBe(0);
        outcome.StandardOutput.ShouldContain("akkalb [command]");
        outcome.StandardOutput.ShouldNotContain('\e');
        outcome.StandardError.ShouldBeEmpty();
    }

    [Fact]
    public async Task Program_BadFile_ExitCode2AndOneLineOnStderr()
    {
        BufferedCommandResult outcome = await BuiltProgram.Command("network", "evaluate", "--topology", "no such.gml", "--flows",
            "none.json").ExecuteBufferedAsync();

        outcome.ExitCode.ShouldBe(2);
        outcome.StandardOutput.ShouldBeEmpty();
        outcome.StandardError.TrimEnd().ShouldBe("akkalb: no such.gml: --topology: expected a topology file, found no such file");
    }

    /// <summary>Nobody can be told, but whoever started it learns from the exit code, and what can go on does.</summary>
    [SkippableTheory]
    [InlineData("2>/dev/full", "journal list nosuch", 2)]
    [InlineData("2>&-", "journal list nosuch", 2)]
    [InlineData("2>/dev/full", "run small.conf --out run", 0)]
    public async Task Program_StderrCannotBeWritten_ExitCodeIsThatOfTheCommand(string redirection, string arguments, int exitCode)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/dev/full");
        using TemporaryFolder folder = new();
        folder.Write("small.conf", "akkalb.network { topology = 4-node, training { episodes = 3, horizons = 2 } }");
        string program = Path.Combine(AppContext.BaseDirectory, "akkalb.dll");
        CommandResult outcome = await new Command("sh")
            .WithArguments(["-c", $"dotnet exec '{program}' {arguments} {redirection} >/dev/null"])
            .WithWorkingDirectory(folder.FullPath).WithValidation(CommandResultValidation.None).ExecuteAsync();
        outcome.ExitCode.ShouldBe(exitCode);
    }

    [SkippableTheory]
    [InlineData(">/dev/full")]
    [InlineData(">&-")]
    public async Task Program_StdoutCannotBeWritten_SaysThatItWasThis(string redirection)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/dev/full");
        string program = Path.Combine(AppContext.BaseDirectory, "akkalb.dll");
        BufferedCommandResult outcome = await new Command("sh")
            .WithArguments(["-c", $"dotnet exec '{program}' network path 1 4 --topology 4-node --json {redirection}"])
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        outcome.ExitCode.ShouldBe(1);
        outcome.StandardError.TrimEnd().ShouldStartWith("akkalb: standard output: expected one that can be written: ");
        outcome.StandardError.TrimEnd().ShouldNotContain('\n');
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "garbage", "http://HOST:PORT or https://HOST:PORT")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "0", "a number of milliseconds above 0")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "garbage", "KEY=VALUE, and more of them behind commas")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "bogus", "grpc or http/protobuf")]
    public async Task Program_TelemetryThatCannotBeSent_IsALine(string variable, string value, string expected)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("small.conf", "akkalb.network { topology = 4-node, training { episodes = 3, horizons = 2 } }");
        BufferedCommandResult outcome = await BuiltProgram.Command("run", file, "--out", folder["run"])
            .WithEnvironmentVariables(new Dictionary<string, string?>
            {
                ["OTEL_METRICS_EXPORTER"] = "otlp", [variable] = value,
            })
            .ExecuteBufferedAsync();
        outcome.ExitCode.ShouldBe(2);
        outcome.StandardError.TrimEnd().ShouldBe($"akkalb: {variable}: expected {expected}, found '{value}'");
    }

    [SkippableFact]
    public async Task Program_InterruptSignal_KeepsTheBestAndExits130()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        using NetworkFiles files = new();
        TaskCompletionSource<string> firstLine = new();
        CommandTask<BufferedCommandResult> process = BuiltProgram.Command(
            ["network", "optimise", .. files.Options, "--generations", "2000000000", "--json"])
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line => firstLine.TrySetResult(line)))
            .ExecuteBufferedAsync();

        // The search says what it does before it starts: from then on it must heed the signal.
        await Task.WhenAny(firstLine.Task, process);
        (await firstLine.Task).ShouldStartWith("genetic search");
        await new Command("kill").WithArguments(["-INT", $"{process.ProcessId}"]).ExecuteAsync();
        BufferedCommandResult outcome = await process;

        outcome.ExitCode.ShouldBe(ExitCodes.Interrupted);
        using JsonDocument document = JsonDocument.Parse(outcome.StandardOutput);
        document.RootElement.GetProperty("interrupted").GetBoolean().ShouldBeTrue();
        outcome.StandardError.ShouldContain("akkalb: interrupted after ");
    }
}
