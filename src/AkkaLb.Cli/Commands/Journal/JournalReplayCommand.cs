using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using Spectre.Console;

namespace AkkaLb.Cli.Commands.Journal;

/// <summary><c>akkalb journal replay</c>: an agent's memory at any event, or a whole run driven again and compared.</summary>
internal static class JournalReplayCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "replay",
            "Rebuild an agent's memory at any event, or drive a whole run again and compare every decision",
            """
            With --agent its events are replayed, up to --to if given, and what they amount to is printed.
            Without it SOURCE is a run folder: the run is played again from its start, in a folder of its own that is removed afterwards,
            and every decision is compared with the journal's. The first one that differs ends the command with exit code 1.
            """,
            "akkalb journal replay runs/quickstart-samaroh-seed1 --agent link-3 --to 200",
            "akkalb journal replay runs/quickstart-samaroh-seed1");
        Argument<string> source = JournalCommand.Source();
        Option<string?> agent = JournalCommand.Agent();
        Option<long?> to = JournalCommand.Number("--to", "The last event that is replayed");
        Option<bool> json = Options.Json("the memory, or what was compared");
        command.Add(source);
        command.Add(agent);
        command.Add(to);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(agent) is { } name)
            {
                Rebuild(host, parsed.GetRequiredValue(source), name, parsed.GetValue(to), parsed.GetValue(json));
                return ExitCodes.Success;
            }
            if (parsed.GetValue(to) is not null)
            {
                throw new InvalidInputException("--to: expected with --agent, as events are numbered by agent");
            }
            return await DriveAsync(host, parsed.GetRequiredValue(source), parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static void Rebuild(CommandHost host, string source, string agent, long? to, bool json)
    {
        using JournalReader reader = JournalCommand.Open(source);
        AgentMemory memory = AgentMemory.Of(reader, agent, to);
        if (json)
        {
            JsonOutput.Write(host.Out, new { Agent = agent, memory.Events, Memory = memory.Values, memory.Entries });
            return;
        }
        host.Out.WriteLine($"{agent} after {Terminal.Count(memory.Events, "event")}");
        foreach ((string key, object value) in memory.Values)
        {
            host.Out.WriteLine($"  {key,-20} {AgentMemory.Text(value)}");
        }
    }

    private static async Task<int> DriveAsync(CommandHost host, string source, bool json, CancellationToken cancellation)
    {
        long compared = 0, beyond = 0;
        RunResult result = await new PlainRunDisplay(host, new RunProgress(host.Time)).ShowAsync(async observer =>
        {
            (RunResult replayed, compared, beyond) = await RunReplay.ReplayAsync(source, observer, cancellation);
            return replayed;
        });
        if (json)
        {
            JsonOutput.Write(host.Out, new { Equal = true, Compared = compared, Beyond = beyond, result.Summary.Status });
        }
        else
        {
            Terminal.ForResult(host).WriteLine(
                $"driven again: {Terminal.Count(compared)} decisions are those of the "
                    + $"journal{(beyond > 0 ? $"; {Terminal.Count(beyond)} more were made beyond its end" : "")}");
        }
        return result.Summary.Status == Runtime.Runs.RunSummary.Finished ? ExitCodes.Success : ExitCodes.Interrupted;
    }
}
