using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Dashboard;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Runtime.Hosting;

namespace AkkaLb.Cli.Commands.Live;

/// <summary><c>akkalb proxy</c>: balances real traffic; its subcommands look after a proxy that runs.</summary>
internal static class ProxyCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "proxy",
            "Balance real HTTP traffic over servers whose speed an agent learns",
            """
            A reverse proxy on YARP: HTTP/1.1, HTTP/2, TLS, WebSockets and gRPC. With policy 'learned' it needs no weights: its agent learns
            what each server can do from when requests begin and end, and keeps it in a journal over restarts. Rules above the agent keep it
            safe: health checks, ejection, slow start, drain, a floor for every server, and the configured weights when the agent is silent
            or loses against them. A changed file is taken over while requests go on. Ctrl-C or SIGTERM ends requests in flight first.
            """,
            "akkalb proxy hocon/live/proxy.conf",
            "akkalb proxy hocon/live/proxy.conf --set clusters.web.policy=sed",
            "akkalb proxy status",
            "akkalb proxy drain s3",
            "akkalb proxy why web.17.40312");
        Argument<string> file = new("PROXY.conf") { Description = "Listeners, routes, clusters and servers (HOCON)" };
        Option<string[]> set = Options.Set("Override a configuration key (relative to akkalb.proxy); may be given several times");
        Option<bool> json = Options.Json("addresses, once it serves");
        Option<int?> dashboard = DashboardSession.Option("servers, weights and latencies");
        command.Add(file);
        command.Add(set);
        command.Add(json);
        command.Add(dashboard);
        command.Add(ProxyStatusCommand.Create(host));
        foreach (Command action in ProxyServerCommands.Create(host))
        {
            command.Add(action);
        }
        command.Add(ProxyWhyCommand.Create(host));
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(file);
            IReadOnlyList<string> overrides = parsed.GetValue(set) ?? [];
            ProxyOptions options = ProxyReader.Load(path, overrides);
            if (parsed.GetValue(dashboard) is not null && options.Admin is null)
            {
                throw new InvalidInputException($"{path}: '--dashboard' needs 'akkalb.proxy.admin.address', found none");
            }
            await using ProxyServer proxy = await ProxyServer.StartAsync(options, () => ProxyReader.Load(path, overrides), host.Error,
                host.Time);
            await using DashboardServer? server = await DashboardSession.StartAsync(
                host, parsed.GetValue(dashboard),
                new DashboardOptions(0)
                {
                    Proxy = proxy.AdminAddress?.ToString(), ProxyToken = options.Admin?.Token ?? "", Token = DashboardSession.Token(),
                },
                cancellation);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, new { addresses = proxy.Addresses, admin = proxy.AdminAddress });
                await host.Out.FlushAsync(CancellationToken.None);
            }
            await using ServiceManager service = ServiceManager.Begin(() => true, host.Time);
            await cancellation.WhenStoppedAsync();
            service.Stopping();
            return ExitCodes.Success;
        });
        return command;
    }
}
