using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Dashboard;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb node</c>: a node of a cluster, until it is asked to leave.</summary>
internal static class NodeCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "node",
            "Run a node of a cluster",
            """
            The node joins its cluster, hosts agents of the runs that are handed in to it, and may hold the runs themselves.
            Ctrl-C or SIGTERM: it is ready no longer, hands over what it has, and leaves. A second Ctrl-C ends it at once: the others then
            go on from what is stored.
            """,
            "akkalb node cluster/node.conf",
            "akkalb node cluster/node.conf --set node.port=4054 --set node.http.port=9111");
        Argument<string> file = new("NODE.conf") { Description = "Section akkalb.node of a HOCON file: roles, addresses, seeds, database" };
        Option<string[]> set = Options.Set("Override a key, such as node.port=4054; may be given several times");
        Option<bool> json = Options.Json("its addresses, when it has started");
        Option<bool> untilInputEnds = new("--until-input-ends")
        {
            Description = "Leave when standard input ends, and not before: for programs that start nodes",
        };
        command.Add(file);
        command.Add(set);
        command.Add(json);
        Option<int?> dashboard = DashboardSession.Option("the cluster as this node knows it");
        command.Add(untilInputEnds);
        command.Add(dashboard);
        command.SetAction((parsed, cancellation) => ExecuteAsync(
            host, NodeOptions.Read(parsed.GetRequiredValue(file), parsed.GetValue(set) ?? []), parsed.GetValue(json),
            parsed.GetValue(untilInputEnds), parsed.GetValue(dashboard), cancellation));
        return command;
    }

    private static async Task<int> ExecuteAsync(
        CommandHost host, NodeOptions options, bool json, bool untilInputEnds, int? dashboard, CancellationToken interrupted)
    {
        // Whoever started it is interrupted too, and ends it in its own time.
        CancellationToken leave = untilInputEnds ? InputEnds() : interrupted;
        await using ClusterNode? node = await StartAsync(options, leave);
        if (node is null)
        {
            host.Error.WriteLine("akkalb: asked to leave before it has started");
            return ExitCodes.Success;
        }
        await using DashboardServer? server = await DashboardSession.StartAsync(
            host, dashboard, new DashboardOptions(0) { Node = node.HttpAddress }, CancellationToken.None);
        if (json)
        {
            host.Out.WriteLine(new NodeStarted(node.Address, node.HttpAddress).ToJson());
            host.Out.Flush();
        }
        host.Error.WriteLine(
            $"akkalb: node {node.Address}, roles {string.Join(", ", options.Roles)}; status at {node.HttpAddress}/status; "
            + $"log in {RunFolder.Near(options.Folder)}");
        await using ServiceManager service = ServiceManager.Begin(() => node.IsAlive, host.Time);
        await using CancellationTokenRegistration stopping = leave.Register(service.Stopping);
        if (await node.RunAsync(leave) is { } reason)
        {
            host.Error.WriteLine($"akkalb: {reason}");
            return ExitCodes.Failure;
        }
        host.Error.WriteLine("akkalb: the node has left");
        return ExitCodes.Success;
    }

    /// <returns>Null when it is asked to leave meanwhile.</returns>
    private static async Task<ClusterNode?> StartAsync(NodeOptions options, CancellationToken leave)
    {
        try
        {
            return await ClusterNode.StartAsync(options, leave);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            return null;
        }
    }

    private static CancellationToken InputEnds()
    {
        CancellationTokenSource source = new();
        new Thread(() =>
        {
            while (Console.In.Read() >= 0)
            {
            }
            source.Cancel();
        })
        { IsBackground = true, Name = "input" }.Start();
        return source.Token;
    }
}
