using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

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

    [Fact]
    public async Task Dashboard_UntilStopped_SaysWhereItIs()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        (await _cli.InvokeAsync(stop.Token, "dashboard", "--node", "http://127.0.0.1:1", "--port", "0")).ShouldBeOneOf(0, 130);
        _cli.Output.ShouldBeEmpty();
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
