using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CliWrap;

namespace AkkaLb.Cli.Tests.Commands;

public sealed class DashboardCommandTests
{
    private readonly Cli _cli = new();

    [Fact]
    public Task Dashboard_OfNothing_SaysWhatItCanShow() =>
        _cli.ShouldRefuseAsync(["dashboard"], "expected something to show: RUN, --node or --proxy");

    [Fact]
    public Task Dashboard_NoSuchFolder_IsNamed() =>
        _cli.ShouldRefuseAsync(["dashboard", "no such", "--port", "0"],
            "no such: expected a run folder, or a folder with run folders in it");

    [Fact]
    public Task Dashboard_PortIsNone_IsRefused() => _cli.ShouldRefuseAsync(
        ["dashboard", "--node", "http://127.0.0.1:1", "--port", "70000"], "--port: expected a whole number from 0 to 65535");

    [Fact]
    public async Task Dashboard_PortIsTaken_IsOneLine()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await _cli.ShouldRefuseAsync(
            ["dashboard", "--node", "http://127.0.0.1:1", "--port", $"{port}"],
            $"akkalb: port {port} of 127.0.0.1: expected one that is free, for the dashboard");
    }

    /// <summary>A token that is a line break and nothing else is none.</summary>
    [SkippableFact]
    public async Task Dashboard_OfAProxy_SaysWhereItIsAndItsToken_ServesAndStops()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        using CancellationTokenSource end = new(TimeSpan.FromMinutes(1), TimeProvider.System);
        ConcurrentQueue<string> lines = [];
        TaskCompletionSource told = new();
        CommandTask<CommandResult> dashboard = BuiltProgram.Command("dashboard", "--proxy", "http://127.0.0.1:1", "--port", "0")
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["AKKALB_DASHBOARD_TOKEN"] = "\n" })
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line =>
            {
                lines.Enqueue(line);
                if (lines.Count == 2)
                {
                    told.SetResult();
                }
            }))
            .ExecuteAsync(end.Token);
        await Task.WhenAny(told.Task, dashboard.Task);
        Match address = Regex.Match(lines.First(), @"^akkalb: dashboard at (http://127\.0\.0\.1:\d+/)$");
        lines.Last().ShouldMatch("^akkalb: whoever drains or enables servers there needs the token [0-9a-f]{24}$");
        using HttpClient http = new();
        (await http.GetStringAsync(address.Groups[1].Value + "live")).ShouldContain("Live traffic");
        await new Command("kill").WithArguments(["-TERM", $"{dashboard.ProcessId}"]).ExecuteAsync();
        (await dashboard).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("run", "--dashboard=0", "experiment.conf")]
    [InlineData("run", "experiment.conf", "--dashboard=0")]
    public async Task Run_WithADashboard_SaysWhereAndRuns(params string[] arguments)
    {
        (await _cli.InvokeAsync(arguments)).ShouldBe(0);
        Regex.IsMatch(_cli.Error, @"akkalb: dashboard at http://127\.0\.0\.1:\d+/\n").ShouldBeTrue(_cli.Error);
        _cli.Runner.Request!.Source.ShouldBe("experiment.conf");
    }

    [Theory]
    [InlineData("--dashboard=70000", "70000")]
    [InlineData("--dashboard", "experiment.conf")]
    public Task Run_DashboardPortIsNone_IsRefused(string option, string found) => _cli.ShouldRefuseAsync(
        ["run", option, "experiment.conf"], $"--dashboard: expected a port from 0 to 65535, found '{found}'; without one it stands last");

    [Fact]
    public Task Run_OnAClusterWithADashboard_SaysWhereToLook()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "akkalb.node.database = \"Host=127.0.0.1\"");
        return _cli.ShouldRefuseAsync(["run", "experiment.conf", "--cluster", file, "--dashboard"], "akkalb dashboard --node URL");
    }
}
