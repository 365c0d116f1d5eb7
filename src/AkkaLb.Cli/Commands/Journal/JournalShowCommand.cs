using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Runtime.Journals;

namespace AkkaLb.Cli.Commands.Journal;

/// <summary><c>akkalb journal show</c>: events as a table or as JSON lines.</summary>
internal static class JournalShowCommand
{
    /// <summary>Characters of an event that the table shows; JSON lines have all.</summary>
    private const int MostOfContent = 120;

    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "show",
            "Show events, in the order in which they were stored",
            """
            Without filters all events of all agents are shown. The table cuts long events short; with --json every event is one whole line
            of JSON.
            """,
            "akkalb journal show runs/quickstart-samaroh-seed1 --agent link-3 --to 10",
            "akkalb journal show runs/quickstart-samaroh-seed1 --type checkpoint-written",
            "akkalb journal show runs/quickstart-samaroh-seed1 --type weights-decided --json");
        Argument<string> source = JournalCommand.Source();
        EventOptions filter = new();
        Option<bool> json = new("--json") { Description = "Print a line of JSON for every event instead of a table" };
        command.Add(source);
        filter.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            using JournalReader reader = JournalCommand.Open(parsed.GetRequiredValue(source));
            IEnumerable<StoredEvent> events = reader.Events(filter.Read(parsed));
            if (parsed.GetValue(json))
            {
                foreach (StoredEvent stored in events)
                {
                    host.Out.WriteLine(EventText.Json(stored));
                }
                return ExitCodes.Success;
            }
            // A journal that cannot be read shows by its first event, and has no header.
            string header = $"{"agent",-12} {"number",8}  {"stored (UTC)",-23}  {"event",-20} content";
            bool any = false;
            foreach (StoredEvent stored in events)
            {
                if (!any)
                {
                    host.Out.WriteLine(header);
                    any = true;
                }
                string content = EventText.Content(stored);
                string shown = content.Length <= MostOfContent ? content : content[..MostOfContent] + "…";
                host.Out.WriteLine(Terminal.Printable(
                    $"{stored.Agent,-12} {stored.Number,8}  {JournalCommand.Time(stored.Stored)}  {stored.Manifest,-20} {shown}"));
            }
            if (!any)
            {
                host.Out.WriteLine(header);
                host.Error.WriteLine("akkalb: no event of this journal is of that agent, type, tag, number and time");
            }
            return ExitCodes.Success;
        });
        return command;
    }
}
