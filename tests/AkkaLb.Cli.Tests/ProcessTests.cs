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
