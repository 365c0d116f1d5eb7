using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using AkkaLb.Cli.Output;
using AkkaLb.Dashboard;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Cli.Commands;

/// <summary>The dashboard beside a command: <c>--dashboard[=PORT]</c>.</summary>
internal static class DashboardSession
{
    /// <summary>The environment variable of the token that changes need, which so does not show in a list of processes.</summary>
    public const string TokenVariable = "AKKALB_DASHBOARD_TOKEN";

    private const string Name = "--dashboard";

    /// <summary>Its value is the port; null: no dashboard.</summary>
    public static Option<int?> Option(string shown) => new(Name)
    {
        Description = $"Show {shown} in a browser, at this port of 127.0.0.1 (default: {DashboardOptions.DefaultPort})",
        HelpName = "PORT",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result =>
        {
            if (result.Tokens is not [{ Value: var text }])
            {
                return DashboardOptions.DefaultPort;
            }
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= ushort.MaxValue)
            {
                return port;
            }
            result.AddError($"{Name}: expected a port from 0 to {ushort.MaxValue}, found '{text}'; without one it stands last");
            return null;
        },
    };

    /// <summary>The token of the environment; else a fresh one.</summary>
    public static string Token() => Given ?? RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>Null: none. What was read from a file ends with a line break, which nobody can type.</summary>
    private static string? Given =>
        Environment.GetEnvironmentVariable(TokenVariable)?.Trim() is { Length: > 0 } token ? token : null;

    /// <param name="port">Null: no dashboard is wanted.</param>
    public static async Task<DashboardServer?> StartAsync(
        CommandHost host, int? port, DashboardOptions shown, CancellationToken cancellation)
    {
        if (port is null)
        {
            return null;
        }
        DashboardServer server = await DashboardServer.StartAsync(shown with { Port = port.Value }, host.Time, Tell, cancellation);
        host.Error.WriteLine($"akkalb: dashboard at {server.Address}");
        if (shown.Proxy is not null && Given is null)
        {
            host.Error.WriteLine($"akkalb: whoever drains or enables servers there needs the token {shown.Token}");
        }
        return server;

        // What goes wrong inside is a line for whoever started it.
        void Tell(string message, Exception? e)
        {
            string cause = e is null ? ""
                : host.ShowStackTraces ? $": {e}" : $": {e.Message} ({e.GetType().Name}; AKKALB_DEBUG=1 shows the stack trace)";
            host.Error.WriteLine($"akkalb: dashboard: {Terminal.OneLine(message + cause)}");
        }
    }

    /// <summary>Lets a dashboard know of the run's folder.</summary>
    public static IRunObserver Watch(IRunObserver observer, DashboardServer? server) => server is null ? observer
        : new Observer(observer, server);

    private sealed class Observer(IRunObserver observer, DashboardServer server) : IRunObserver
    {
        public void FolderReady(string runFolder)
        {
            observer.FolderReady(runFolder);
            server.Show(runFolder);
        }

        public void Started(RunPlan plan) => observer.Started(plan);

        public void BaselinesFound(RunBaselines baselines) => observer.BaselinesFound(baselines);

        public void EpisodeFinished(EpisodeReport episode) => observer.EpisodeFinished(episode);

        public void GridAdvanced(GridProgress progress) => observer.GridAdvanced(progress);

        public void Notice(string line) => observer.Notice(line);
    }
}
