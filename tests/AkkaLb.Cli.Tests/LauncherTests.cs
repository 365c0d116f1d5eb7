using System.Runtime.Versioning;
using CliWrap;
using CliWrap.Buffered;

namespace AkkaLb.Cli.Tests;

/// <summary>The launcher script in a made-up checkout, with a <c>dotnet</c> that writes down how it was called.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
public sealed class LauncherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _root, _bin, _calls, _program;

    public LauncherTests()
    {
        Skip.If(OperatingSystem.IsWindows(), "the launcher is a POSIX shell script");
        _root = _folder.MakeFolder("check out");
        _bin = _folder.MakeFolder("bin");
        _calls = _folder["calls"];
        _program = Path.Combine(_root, "src/AkkaLb.Cli/bin/Release/net10.0/akkalb.dll");
        File.Copy(Path.Combine(Repository.Root, "akkalb"), Path.Combine(_root, "akkalb"));
        Directory.CreateDirectory(Path.GetDirectoryName(_program)!);
        Directory.CreateDirectory(Path.Combine(_root, "eng"));
        File.WriteAllText(Path.Combine(_root, "Directory.Build.props"), "");
        File.WriteAllText(Path.Combine(_root, "src/AkkaLb.Cli/Program.cs"), "");
        // The tools the script may use, and no other: so that no real dotnet is found.
        foreach (string tool in new[] { "bash", "env", "dirname", "readlink", "find", "cut", "paste", "mktemp", "rm", "touch", "cat" })
        {
            string real = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(p => Path.Combine(p, tool)).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(_bin, tool), real);
        }
    }

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Launcher_NoDotnet_OneLineNamesTheSdk()
    {
        BufferedCommandResult outcome = await LaunchAsync();

        outcome.ExitCode.ShouldBe(1);
        outcome.StandardError.ShouldBe("akkalb: the .NET 10 SDK is missing ('dotnet' is not on PATH); install it from "
            + "https://dotnet.microsoft.com/download/dotnet/10.0\n");
        outcome.StandardOutput.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Launcher_OlderSdkOnly_OneLineNamesWhatWasFound()
    {
        FakeDotnet(sdks: "8.0.404 [/usr/share/dotnet/sdk]");

        BufferedCommandResult outcome = await LaunchAsync();

        outcome.ExitCode.ShouldBe(1);
        outcome.StandardError.ShouldBe(
            "akkalb: the .NET 10 SDK is missing (found: 8.0.404); install it from https://dotnet.microsoft.com/download/dotnet/10.0\n");
    }

    [SkippableFact]
    public async Task Launcher_NotYetBuilt_BuildsThenPassesArgumentsOn()
    {
        FakeDotnet();

        BufferedCommandResult outcome = await LaunchAsync("run", "my experiment.conf", "--set", "a=b c", "");

        outcome.ExitCode.ShouldBe(7);
        outcome.StandardOutput.ShouldBe("result\n");
        Calls().ShouldBe(["--list-sdks|",
            $"build|{_root}/src/AkkaLb.Cli/AkkaLb.Cli.csproj|-c|Release|-v|quiet|-nologo|-p:RunAnalyzers=false|",
        $"{_program}|run|my experiment.conf|--set|a=b c||"]);
    }

    [SkippableFact]
    public async Task Launcher_Built_RunsAtOnce()
    {
        FakeDotnet();
        Build();

        BufferedCommandResult outcome = await LaunchAsync("--help");

        outcome.StandardError.ShouldBeEmpty();
        Calls().ShouldBe([$"{_program}|--help|"]);
    }

    [SkippableTheory]
    [InlineData("src/AkkaLb.Cli/Program.cs")]
    [InlineData("Directory.Build.props")]
    [InlineData("hocon/reference.conf")]
    [InlineData("hocon/live/reference.conf")]
    [InlineData("hocon/live/reference-testbed.conf")]
    public async Task Launcher_SourceNewerThanProgram_BuildsOnce(string source)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, source))!);
        File.WriteAllText(Path.Combine(_root, source), "");
        FakeDotnet();
        Build();
        File.SetLastWriteTimeUtc(Path.Combine(_root, source), File.GetLastWriteTimeUtc(_program).AddSeconds(1));

        await LaunchAsync();
        Calls().Count(c => c.StartsWith("build|", StringComparison.Ordinal)).ShouldBe(1);
        File.SetLastWriteTimeUtc(Path.Combine(_root, source), File.GetLastWriteTimeUtc(_program).AddSeconds(-1));

        await LaunchAsync();
        Calls().Count(c => c.StartsWith("build|", StringComparison.Ordinal)).ShouldBe(1);
    }

    [SkippableFact]
    public async Task Launcher_SourceDeleted_Builds()
    {
        FakeDotnet();
        Build();
        File.Delete(Path.Combine(_root, "src/AkkaLb.Cli/Program.cs"));
        Directory.SetLastWriteTimeUtc(Path.Combine(_root, "src/AkkaLb.Cli"), File.GetLastWriteTimeUtc(_program).AddSeconds(1));

        await LaunchAsync();

        Calls().ShouldContain(c => c.StartsWith("build|", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Launcher_OnlyBuildOutputsNewer_RunsAtOnce()
    {
        FakeDotnet();
        Build();
        string output = Path.Combine(Path.GetDirectoryName(_program)!, "other.dll");
        File.WriteAllText(output, "");
        File.SetLastWriteTimeUtc(output, File.GetLastWriteTimeUtc(_program).AddSeconds(1));

        await LaunchAsync();

        Calls().Length.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Launcher_BuildFails_ShowsItsMessagesAndExits1()
    {
        FakeDotnet(build: "echo 'error CS1002: ; expected'; exit 1");

        BufferedCommandResult outcome = await LaunchAsync();

        outcome.ExitCode.ShouldBe(1);
        outcome.StandardOutput.ShouldBeEmpty();
        outcome.StandardError.ShouldContain("error CS1002");
        outcome.StandardError.ShouldEndWith("akkalb: the build failed, see the messages above\n");
    }

    [SkippableFact]
    public async Task Launcher_ThroughSymbolicLinkFromElsewhere_FindsItsCheckout()
    {
        FakeDotnet();
        Build();
        string link = _folder["link to akkalb"];
        File.CreateSymbolicLink(link, Path.Combine(_root, "akkalb"));

        (await StartAsync(link, Path.GetTempPath(), "--version")).ExitCode.ShouldBe(7);

        Calls().ShouldBe([$"{_program}|--version|"]);
    }

    private Task<BufferedCommandResult> LaunchAsync(params string[] arguments) =>
        StartAsync(Path.Combine(_root, "akkalb"), _root, arguments);

    private async Task<BufferedCommandResult> StartAsync(string script, string workingDirectory, params string[] arguments) =>
        await new Command(script).WithArguments(arguments).WithWorkingDirectory(workingDirectory)
            .WithEnvironmentVariables(variables =>
                variables.Set("PATH", _bin)).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();

    private string[] Calls() => File.ReadAllLines(_calls);

    /// <summary>Makes the program newer than every source, as a build does.</summary>
    private void Build()
    {
        File.WriteAllText(_program, "");
        File.SetLastWriteTimeUtc(_program, File.GetLastWriteTimeUtc(_program).AddMinutes(1));
    }

    private void FakeDotnet(string sdks = "9.0.100 [/sdk]\n10.0.100 [/sdk]", string build = ":")
    {
        string path = Path.Combine(_bin, "dotnet");
        File.WriteAllText(path, $"""
            #!/usr/bin/env bash
            for argument in "$@"; do echo -n "$argument|"; done >>"{_calls}"; echo >>"{_calls}"
            case "$1" in
              --list-sdks) echo "{sdks}" ;;
              build) {build} ;;
              *) echo result; exit 7 ;;
            esac
            """ + "\n");
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
    }
}
