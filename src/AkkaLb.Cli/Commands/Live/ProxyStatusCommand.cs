using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Live.Proxy.Admin;
using Spectre.Console;

namespace AkkaLb.Cli.Commands.Live;

/// <summary><c>akkalb proxy status</c>.</summary>
internal static class ProxyStatusCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "status",
            "Show the servers of a proxy that runs: state, weight, requests, latency, what its agent thinks of them",
            """
            'can do' is what the agent estimates: requests per second, and requests of ours in flight from which on the server is full.
            The gap says how much of its requests' waiting this proxy could save by moving them between servers: 0 at an equilibrium.
            """,
            "akkalb proxy status",
            "akkalb proxy status --admin http://10.0.0.7:9901 --json");
        AdminOptions admin = new();
        Option<bool> json = Options.Json("the admin API's /status");
        admin.AddTo(command);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using AdminClient client = admin.Open(parsed);
            ProxyStatus status = await client.StatusAsync(cancellation);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, status);
                return ExitCodes.Success;
            }
            Write(Terminal.ForResult(host), status);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, ProxyStatus status)
    {
        foreach (ClusterStatus cluster in status.Clusters)
        {
            string weights = cluster.Weights == "configured" ? "configured weights" : $"weights: {cluster.Weights} ({cluster.Reason})";
            string gap = cluster.EquilibriumGap is { } share ? $", gap {Terminal.Percent(share)}" : "";
            console.WriteLine($"{status.Name} / {cluster.Name}: {cluster.Policy}, {weights}, decision {cluster.Decision}{gap}");
            Table table = Terminal.Table(
                ("server", Justify.Left), ("state", Justify.Left), ("weight", Justify.Right), ("in flight", Justify.Right),
                ("waiting", Justify.Right), ("requests", Justify.Right), ("failed", Justify.Right), ("abandoned", Justify.Right),
                ("p50 ms", Justify.Right), ("p99 ms", Justify.Right), ("can do /s", Justify.Right), ("full from", Justify.Right));
            foreach (ServerStatus server in cluster.Servers)
            {
                table.AddCells(
                    server.Name, server.State, Terminal.Figure(server.Weight), Terminal.Count(server.InFlight),
                    Terminal.Count(server.Waiting), Terminal.Count(server.Requests), Terminal.Count(server.Failed),
                    Terminal.Count(server.Abandoned), Terminal.Figure(server.P50 * 1000), Terminal.Figure(server.P99 * 1000),
                    Terminal.Figure(server.Rate), Terminal.Figure(server.Slots));
            }
            console.WriteFitted(table);
        }
        foreach ((string what, long count) in status.Switches)
        {
            console.WriteLine($"{what}: {Terminal.Count(count, "switch").Replace("switchs", "switches", StringComparison.Ordinal)}");
        }
    }
}
