using System.CommandLine;
using System.Globalization;
using AkkaLb.Live.Proxy.Admin;

namespace AkkaLb.Cli.Commands.Live;

/// <summary><c>akkalb proxy drain|enable|set-weight|add|remove|reload</c>: what an operator does with a proxy that runs.</summary>
internal static class ProxyServerCommands
{
    public static IEnumerable<Command> Create(CommandHost host) =>
    [
        OfServer(host, "drain", "Send a server no more requests; those in flight end",
            (client, cluster, server, c) => client.SwitchAsync("drain", cluster, server, c)),
        OfServer(host, "enable", "Use a server again that was drained or ejected",
            (client, cluster, server, c) => client.SwitchAsync("enable", cluster, server, c)),
        SetWeight(host),
        Add(host),
        OfServer(host, "remove", "Take a server out of a cluster until the proxy ends; requests in flight end",
            async (client, cluster, server, c) =>
            {
                await client.RemoveAsync(cluster, server, c);
                return "removed";
            }),
        Reload(host),
    ];

    private static ExampleCommand OfServer(
        CommandHost host, string name, string description, Func<AdminClient, string?, string, CancellationToken, Task<string>> act)
    {
        ExampleCommand command = new(name, description, "", $"akkalb proxy {name} s3");
        (Argument<string> server, Option<string?> cluster, AdminOptions admin) = AddServer(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using AdminClient client = admin.Open(parsed);
            string now = await act(client, parsed.GetValue(cluster), parsed.GetRequiredValue(server), cancellation);
            host.Error.WriteLine($"{parsed.GetRequiredValue(server)}: {now}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static ExampleCommand SetWeight(CommandHost host)
    {
        ExampleCommand command = new(
            "set-weight", "Set a server's configured weight until the proxy ends",
            "Of use to policies that take weights, and to 'learned' where it falls back to them.", "akkalb proxy set-weight s3 2.5");
        (Argument<string> server, Option<string?> cluster, AdminOptions admin) = AddServer(command);
        Argument<double> weight = new("WEIGHT")
        {
            Description = "Above 0",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0)
                {
                    return value;
                }
                result.AddError($"WEIGHT: expected a number above 0, such as 2.5, found '{text}'");
                return 0;
            },
        };
        command.Add(weight);
        command.SetAction(async (parsed, cancellation) =>
        {
            using AdminClient client = admin.Open(parsed);
            await client.SetWeightAsync(
                parsed.GetValue(cluster), parsed.GetRequiredValue(server), parsed.GetRequiredValue(weight), cancellation);
            host.Error.WriteLine($"{parsed.GetRequiredValue(server)}: weight {parsed.GetRequiredValue(weight)}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static ExampleCommand Add(CommandHost host)
    {
        ExampleCommand command = new(
            "add", "Add a server to a cluster until the proxy ends; it starts slowly", "", "akkalb proxy add s8 http://10.0.0.8:8080");
        (Argument<string> server, Option<string?> cluster, AdminOptions admin) = AddServer(command);
        Argument<string> address = new("URL") { Description = "http://HOST:PORT or https://HOST:PORT" };
        command.Add(address);
        command.SetAction(async (parsed, cancellation) =>
        {
            using AdminClient client = admin.Open(parsed);
            await client.AddAsync(
                parsed.GetValue(cluster), parsed.GetRequiredValue(server), parsed.GetRequiredValue(address), cancellation);
            host.Error.WriteLine($"{parsed.GetRequiredValue(server)}: added");
            return ExitCodes.Success;
        });
        return command;
    }

    private static ExampleCommand Reload(CommandHost host)
    {
        ExampleCommand command = new("reload", "Have a proxy read its file anew, without dropping a connection", "", "akkalb proxy reload");
        AdminOptions admin = new();
        admin.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using AdminClient client = admin.Open(parsed);
            await client.ReloadAsync(cancellation);
            host.Error.WriteLine("read anew");
            return ExitCodes.Success;
        });
        return command;
    }

    private static (Argument<string> Server, Option<string?> Cluster, AdminOptions Admin) AddServer(Command command)
    {
        Argument<string> server = new("SERVER") { Description = "Its name, as 'akkalb proxy status' shows it" };
        Option<string?> cluster = new("--cluster") { Description = "Its cluster, where there are several", HelpName = "NAME" };
        AdminOptions admin = new();
        command.Add(server);
        command.Add(cluster);
        admin.AddTo(command);
        return (server, cluster, admin);
    }
}
