using System.CommandLine;
using System.Globalization;
using AkkaLb.Cli.Output;
using AkkaLb.Live.Proxy.Admin;
using Spectre.Console;

namespace AkkaLb.Cli.Commands.Live;

/// <summary><c>akkalb proxy why</c>.</summary>
internal static class ProxyWhyCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "why",
            "Explain why a request went to its server",
            """
            REQUEST is the header x-akkalb-request of the answer. The decision whose weights held then comes from the journal, with what the
            agent had observed; the pick itself is remembered for some thousands of requests.
            """,
            "akkalb proxy why web.17.40312",
            "akkalb proxy why web.17.40312 --json");
        Argument<string> request = new("REQUEST") { Description = "CLUSTER.DECISION.NUMBER" };
        AdminOptions admin = new();
        Option<bool> json = Options.Json("the admin API's /why");
        command.Add(request);
        admin.AddTo(command);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using AdminClient client = admin.Open(parsed);
            RequestExplanation why = await client.ExplainAsync(parsed.GetRequiredValue(request), cancellation);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, why);
                return ExitCodes.Success;
            }
            Write(Terminal.ForResult(host), why);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, RequestExplanation why)
    {
        console.WriteLine(why.Server is null
            ? $"{why.Request}: the pick itself is forgotten"
            : $"{why.Request}: {why.Server}, {Reason(why)}, {Terminal.Duration(TimeSpan.FromSeconds(why.SecondsAgo!.Value))} ago: "
                + $"{why.InFlight} in flight there and {why.InFlightOfAll} in all with this one, weight {Terminal.Figure(why.Weight)}");
        if (why.Decision is not { } decision)
        {
            console.WriteLine("no decision of an agent held: the weights were the configured ones");
            return;
        }
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"decision {decision.Number} of {decision.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff} UTC: {decision.Reason}"));
        Table table = Terminal.Table(
            ("server", Justify.Left), ("weight", Justify.Right), ("can do /s", Justify.Right), ("full from", Justify.Right),
            ("answers seen", Justify.Right), ("in flight", Justify.Right), ("answered", Justify.Right), ("failed", Justify.Right),
            ("mean ms", Justify.Right));
        foreach (DecidedServer server in decision.Servers)
        {
            table.AddCells(
                server.Name, Terminal.Figure(server.Weight), Terminal.Figure(server.Rate), Terminal.Figure(server.Slots),
                Terminal.Figure(server.Seen), Terminal.Count(server.InFlight), Terminal.Count(server.Answered),
                Terminal.Count(server.Failed),
                Terminal.Figure(server.MeanSeconds * 1000));
        }
        console.WriteFitted(table);
    }

    private static string Reason(RequestExplanation why) => why.Pick switch
    {
        "floor" => "as it was due to be looked at",
        "affinity" => "as the client is bound to it",
        "retry" => "as another server had failed",
        "queue" => "as a place became free there",
        _ => $"by policy {why.Policy}",
    };
}
