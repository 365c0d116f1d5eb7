using System.Diagnostics;

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

    private static ProcessOutcome Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet");
        return ProcessOutcome.Of(start, ["exec", Path.Combine(AppContext.BaseDirectory, "akkalb.dll"), .. arguments]);
    }
}
