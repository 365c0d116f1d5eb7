using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Live.Configuration;
using AkkaLb.Live.TestServers;
using AkkaLb.Live.Timing;
using Spectre.Console;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb servers</c>: test servers on this machine, until they are told to stop.</summary>
internal static class ServersCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "servers",
            "Start test servers with given capacities, speeds and failures, for tests of load balancers",
            """
            Every server has so many slots, a bounded line before them, and work that takes the time that the request brings (header
            X-AkkaLb-Work, microseconds), so that all balancers meet the same jobs. Speed and failures change on a schedule, or by
            POST /changes to the control address: curl -d '6 speed 0.5' http://127.0.0.1:PORT/changes.
            Keys: hocon/live/reference-testbed.conf. Ctrl-C or SIGTERM stops them.
            """,
            "akkalb servers hocon/live/servers.conf",
            "akkalb servers --set 'servers.slots=[2,4]' --set servers.port=0 --json");
        Argument<string?> file = new("SERVERS")
        {
            Description = "A file with a section 'servers' (HOCON); none: all defaults", Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string[]> set = Options.Set("Override a configuration key (relative to akkalb); may be given several times");
        Option<ulong?> seed = Options.Seed("Of the draws of which requests fail; wins over the file's");
        Option<bool> json = Options.Json("addresses and slots");
        Option<bool> child = new("--until-stdin-ends") { Description = "Stop when standard input ends, too", Hidden = true };
        command.Add(file);
        foreach (Option option in new Option[] { set, seed, json, child })
        {
            command.Add(option);
        }
        command.SetAction(async (parsed, cancellation) =>
        {
            TestServersOptions options = LiveFiles.Servers(parsed.GetValue(file), parsed.GetValue(set) ?? [], parsed.GetValue(seed));
            using PreciseTimeProvider time = new();
            await using TestServerSet servers = new(options, time);
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (parsed.GetValue(child))
            {
                _ = Task.Run(() => EndWithInput(stop), CancellationToken.None);
            }
            await servers.StartAsync();
            Show(host, servers, parsed.GetValue(json));
            try
            {
                await servers.PlayAsync(change => host.Error.WriteLine($"server {change}"), stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                host.Error.WriteLine("akkalb: servers stopped");
            }
            return ExitCodes.Success;
        });
        return command;
    }

    private static void EndWithInput(CancellationTokenSource stop)
    {
        while (Console.In.Read() >= 0)
        {
        }
        stop.Cancel();
    }

    private static void Show(CommandHost host, TestServerSet servers, bool json)
    {
        if (json)
        {
            JsonOutput.Write(host.Out, new { servers.Control, servers = servers.Status });
            host.Out.Flush();
            return;
        }
        Table table = Terminal.Table(
            ("server", Justify.Right), ("address", Justify.Left), ("slots", Justify.Right), ("speed", Justify.Right), ("", Justify.Left));
        foreach (ServerStatus server in servers.Status)
        {
            table.AddCells(
                $"{server.Server}", server.Address, $"{server.Slots}", Terminal.Figure(server.Speed), server.Up ? "" : "not there yet");
        }
        IAnsiConsole console = Terminal.ForResult(host);
        console.WriteFitted(table);
        console.WriteLine($"control: {servers.Control}status, {servers.Control}changes");
    }
}
