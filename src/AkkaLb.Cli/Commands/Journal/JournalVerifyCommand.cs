using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Runtime.Journals;

namespace AkkaLb.Cli.Commands.Journal;

/// <summary><c>akkalb journal verify</c>: gaps, order, serializers, snapshots.</summary>
internal static class JournalVerifyCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "verify",
            "Check a journal: gaps, order, serializers, snapshots against events, and the checkpoint",
            """
            Sequence numbers have no gaps and times do not go back; every event can be read and is written back to the same bytes; the
            numbers of decisions have no gaps; every snapshot is what the events before it amount to; of a run that has finished no agent
            and no end is missing; of a run folder or its events.db, the checkpoint has the SHA-256 that the journal holds of it. Exit
            code 1 when something is wrong.
            """,
            "akkalb journal verify runs/quickstart-samaroh-seed1");
        Argument<string> source = JournalCommand.Source();
        Option<bool> json = Options.Json("what was checked, and the problems");
        command.Add(source);
        command.Add(json);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(source);
            using JournalReader reader = JournalCommand.Open(path);
            JournalVerification found = JournalVerifier.Verify(reader, JournalLocation.RunOf(path));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, found);
            }
            else
            {
                foreach (string problem in found.Problems)
                {
                    host.Out.WriteLine(Terminal.Printable(problem));
                }
                string foreign = found.Foreign == 0
                    ? ""
                    : $" ({Terminal.Count(found.Foreign)} written by another program: their numbers and times only)";
                host.Out.WriteLine(
                    $"{(found.Problems.Count == 0 ? "sound" : "not sound")}: {Terminal.Count(found.Events, "event")} of "
                    + $"{Terminal.Count(found.Agents, "agent")}{foreign}, {Terminal.Count(found.Snapshots, "snapshot")} compared");
            }
            return found.Problems.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
        });
        return command;
    }
}
