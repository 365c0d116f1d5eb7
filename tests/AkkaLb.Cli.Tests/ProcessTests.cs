using System.Diagnostics;
using System.Text.Json;

namespace AkkaLb.Cli.Tests;

/// <summary>The built program in its own process.</summary>
public class ProcessTests
{
    [Fact]
    public void Program_Help_ExitCode0OnStdout()
    {
        ProcessOutcome outcome = Start("--help");

        outcome.ExitCode.ShouldBe(0);
        outcome.Output.ShouldContain("akkalb [command]");
        outcome.Output.ShouldNotContain('\e');
        outcome.Error.ShouldBeEmpty();
    }

    [Fact]
    public void Program_BadFile_ExitCode2AndOneLineOnStderr()
    {
        ProcessOutcome outcome = Start("network", "evaluate", "--topology", "no such.gml", "--flows", "none.json");

        outcome.ExitCode.ShouldBe(2);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.TrimEnd().ShouldBe("akkalb: no such.gml: --topology: expected a GML file, found no such file");
    }

    [SkippableFact]
    public void Program_InterruptSignal_KeepsTheBestAndExits130()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        using NetworkFiles files = new();
        ProcessStartInfo start = new("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["exec", Program, "network", "optimise", .. files.Options, "--generations", "2000000000", "--json"])
        {
            start.ArgumentList.Add(argument);
        }
        using Process process = Process.Start(start)!;

        // The search says what it does before it starts: from then on it must heed the signal.
        process.StandardError.ReadLine().ShouldNotBeNull().ShouldStartWith("genetic search");
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            kill.WaitForExit();
        }
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();

        process.ExitCode.ShouldBe(ExitCodes.Interrupted);
        using JsonDocument document = JsonDocument.Parse(output);
        document.RootElement.GetProperty("interrupted").GetBoolean().ShouldBeTrue();
        error.ShouldContain("akkalb: interrupted after ");
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "akkalb.dll");

    private static ProcessOutcome Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet");
        return ProcessOutcome.Of(start, ["exec", Program, .. arguments]);
    }
}
