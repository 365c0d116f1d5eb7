using System.CommandLine;
using AkkaLb.Cli.Commands.Live;
using AkkaLb.Dashboard;
using AkkaLb.Domain;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb dashboard</c>: shows runs, a cluster or a proxy in a browser until it is stopped.</summary>
internal static class DashboardCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "dashboard",
            "Show runs, a cluster or a proxy in a browser",
            $"""
            Serves web pages on 127.0.0.1 until Ctrl-C: of a run folder, finished or not, with those beside it to compare it with; of a
            folder with run folders in it, such as a grid's; of a cluster, as one of its nodes knows it; of a proxy. It only reads, but for
            servers of a proxy that are drained and enabled: that needs the token of {DashboardSession.TokenVariable}, or the one it prints.
            """,
            "akkalb dashboard runs/quickstart-samaroh-seed1",
            "akkalb dashboard runs --port 8091",
            "akkalb dashboard --node http://127.0.0.1:9110",
            "akkalb dashboard --proxy http://127.0.0.1:9901");
        Argument<string?> runs = new("RUN")
        {
            Description = "A run folder, or a folder with run folders in it", Arity = ArgumentArity.ZeroOrOne,
        };
        Option<int> port = Options.Whole(
            "--port", "P", "Port of 127.0.0.1; 0: a free one", 0, DashboardOptions.DefaultPort, ushort.MaxValue);
        Option<string?> node = new("--node") { Description = "A node's address of health and status", HelpName = "URL" };
        Option<string?> proxy = new("--proxy")
        {
            Description = $"A proxy's admin address; its token is read from {AdminOptions.TokenVariable}", HelpName = "URL",
        };
        command.Add(runs);
        command.Add(port);
        command.Add(node);
        command.Add(proxy);
        command.SetAction(async (parsed, cancellation) =>
        {
            DashboardOptions shown = new(0)
            {
                Runs = parsed.GetValue(runs), Node = parsed.GetValue(node), Proxy = parsed.GetValue(proxy),
                ProxyToken = Environment.GetEnvironmentVariable(AdminOptions.TokenVariable) ?? "",
                Token = parsed.GetValue(proxy) is null ? "" : DashboardSession.Token(),
            };
            if (shown is { Runs: null, Node: null, Proxy: null })
            {
                throw new InvalidInputException("expected something to show: RUN, --node or --proxy");
            }
            await using DashboardServer? server = await DashboardSession.StartAsync(host, parsed.GetValue(port), shown, cancellation);
            await cancellation.WhenStoppedAsync();
            return ExitCodes.Success;
        });
        return command;
    }
}
