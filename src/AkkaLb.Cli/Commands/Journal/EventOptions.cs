using System.CommandLine;
using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Runtime.Journals;

namespace AkkaLb.Cli.Commands.Journal;

/// <summary>The options that choose events; shared by show and export.</summary>
internal sealed class EventOptions
{
    private readonly Option<string?> _agent = JournalCommand.Agent();
    private readonly Option<string?> _type = new("--type")
    {
        Description = "Events of this type only, such as weights-decided", HelpName = "TYPE",
    };
    private readonly Option<string?> _tag = new("--tag")
    {
        Description = "Events with this tag only, in journals of other programs", HelpName = "TAG",
    };
    private readonly Option<long?> _from = JournalCommand.Number("--from", "Lowest number among the agent's events");
    private readonly Option<long?> _to = JournalCommand.Number("--to", "Highest number among the agent's events");
    private readonly Option<DateTimeOffset?> _since = Time("--since", "Stored then or later");
    private readonly Option<DateTimeOffset?> _until = Time("--until", "Stored then or before");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _agent, _type, _tag, _from, _to, _since, _until })
        {
            command.Add(option);
        }
    }

    /// <exception cref="InvalidInputException">The bounds leave nothing between them.</exception>
    public EventFilter Read(ParseResult parsed)
    {
        EventFilter filter = new(
            parsed.GetValue(_agent), parsed.GetValue(_type), parsed.GetValue(_tag), parsed.GetValue(_from), parsed.GetValue(_to),
            parsed.GetValue(_since), parsed.GetValue(_until));
        Check(filter);
        return filter;
    }

    /// <exception cref="InvalidInputException">The bounds leave nothing between them.</exception>
    public static void Check(EventFilter filter)
    {
        if (filter.From > filter.To)
        {
            throw new InvalidInputException($"--from {filter.From}: expected at most --to, {filter.To}");
        }
        if (filter.Since > filter.Until)
        {
            throw new InvalidInputException("--since: expected a time before --until");
        }
    }

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, Utc, out DateTimeOffset value))
            {
                return value;
            }
            result.AddError($"{name}: expected a time such as 2026-11-21T14:00:00Z, found '{result.Tokens[0].Value}'");
            return null;
        },
    };
}
