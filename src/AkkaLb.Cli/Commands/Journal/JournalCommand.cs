using System.CommandLine;
using System.Globalization;
using AkkaLb.Runtime.Journals;

namespace AkkaLb.Cli.Commands.Journal;

/// <summary><c>akkalb journal</c>: read what a run and its agents have written down, while it goes on or afterwards.</summary>
internal static class JournalCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new("journal", "Read the journal of a run: what its agents decided and learnt, event by event");
        command.Add(JournalListCommand.Create(host));
        command.Add(JournalShowCommand.Create(host));
        command.Add(JournalReplayCommand.Create(host));
        command.Add(JournalVerifyCommand.Create(host));
        command.Add(JournalDiffCommand.Create(host));
        command.Add(JournalExportCommand.Create(host));
        return command;
    }

    public static Argument<string> Source(string name = "SOURCE") => new(name)
    {
        Description = "A run folder, a journal file (events.db), or a PostgreSQL database (\"Host=…;Database=…;Username=…\")",
    };

    public static JournalReader Open(string source) => JournalReader.Open(JournalLocation.Of(source));

    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static Option<string?> Agent() => new("--agent")
    {
        Description = "Events of this agent only, such as link-3 or run", HelpName = "NAME",
    };

    public static Option<long?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0)
            {
                return value;
            }
            result.AddError($"{name}: expected a sequence number from 1, found '{result.Tokens[0].Value}'");
            return null;
        },
    };
}
