using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Runtime.Journals;
using Spectre.Console;

namespace AkkaLb.Cli.Commands.Journal;

/// <summary><c>akkalb journal list</c>: agents with their numbers of events and times.</summary>
internal static class JournalListCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "list",
            "List the agents with the numbers and times of their events",
            "Times are UTC. The agent 'run' is the run itself.",
            "akkalb journal list runs/quickstart-samaroh-seed1",
            "akkalb journal list runs/quickstart-samaroh-seed1 --json");
        Argument<string> source = JournalCommand.Source();
        Option<bool> json = Options.Json("agents, events, rows, times");
        command.Add(source);
        command.Add(json);
        command.SetAction(parsed =>
        {
            using JournalReader reader = JournalCommand.Open(parsed.GetRequiredValue(source));
            IReadOnlyList<StoredAgent> agents = reader.Agents();
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, agents);
                return ExitCodes.Success;
            }
            Table table = Terminal.Table(
                ("agent", Justify.Left), ("events", Justify.Right), ("first", Justify.Left), ("last", Justify.Left));
            foreach (StoredAgent agent in agents)
            {
                table.AddRow(
                    new Text(Terminal.Printable(agent.Agent)), new Text(Terminal.Count(agent.Events)),
                    new Text(JournalCommand.Time(agent.From)), new Text(JournalCommand.Time(agent.Until)));
            }
            IAnsiConsole console = Terminal.ForResult(host);
            console.WriteFitted(table);
            console.WriteLine($"{Terminal.Count(agents.Count, "agent")}, {Terminal.Count(agents.Sum(a => a.Events), "event")}");
            return ExitCodes.Success;
        });
        return command;
    }
}
