using System.CommandLine;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Runtime.Journals;

namespace AkkaLb.Cli.Commands.Journal;

/// <summary><c>akkalb journal diff</c>: two runs, or two points of one agent.</summary>
internal static class JournalDiffCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "diff",
            "Compare the decisions of two runs, or the memory of an agent at two events",
            """
            With two sources the numbered events (episodes, policies, weights, placements) are compared, agent by agent and byte by byte;
            exit code 1 when they differ. Starts, stops and checkpoints are passed over.
            With one source, --agent, --from and --to, what the agent knew at both events is shown; what differs is marked with *.
            """,
            "akkalb journal diff runs/a runs/b",
            "akkalb journal diff runs/a --agent link-3 --from 100 --to 200");
        Argument<string> first = JournalCommand.Source("FIRST");
        Argument<string?> second = new("SECOND") { Description = "The same for another run", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> agent = JournalCommand.Agent();
        Option<long?> from = JournalCommand.Number("--from", "Lowest sequence number, or the first of two points");
        Option<long?> to = JournalCommand.Number("--to", "Highest sequence number, or the second of two points");
        Option<bool> json = Options.Json("the differences");
        command.Add(first);
        command.Add(second);
        foreach (Option option in new Option[] { agent, from, to, json })
        {
            command.Add(option);
        }
        command.SetAction(parsed =>
        {
            using JournalReader left = JournalCommand.Open(parsed.GetRequiredValue(first));
            EventFilter filter = new(parsed.GetValue(agent), From: parsed.GetValue(from), To: parsed.GetValue(to));
            if (parsed.GetValue(second) is { } other)
            {
                EventOptions.Check(filter);
                using JournalReader right = JournalCommand.Open(other);
                if (filter.Agent is { } wanted && left.Agents().Concat(right.Agents()).All(known => known.Agent != wanted))
                {
                    throw new InvalidInputException(
                        $"--agent {wanted}: expected an agent of one of the runs; 'akkalb journal list' shows them");
                }
                return Runs(host, JournalComparison.Compare(left, right, filter), parsed.GetValue(json));
            }
            if (filter is not { Agent: { } name, From: { } before, To: { } after })
            {
                throw new InvalidInputException("journal diff: expected a second run, or --agent, --from and --to for two points of one");
            }
            Points(host, name, AgentMemory.Of(left, name, before), AgentMemory.Of(left, name, after), parsed.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }

    private static int Runs(CommandHost host, IReadOnlyList<AgentDifference> agents, bool json)
    {
        bool equal = agents.All(a => a.IsNone);
        if (json)
        {
            JsonOutput.Write(host.Out, new
            {
                Equal = equal,
                Agents = agents.Select(
                    a => new { a.Agent, a.Equal, a.Left, a.Right, First = Describe(a.FirstLeft), Second = Describe(a.FirstRight) }),
            });
            return equal ? ExitCodes.Success : ExitCodes.Failure;
        }
        foreach (AgentDifference difference in agents.Where(a => !a.IsNone))
        {
            host.Out.WriteLine($"{Terminal.Printable(difference.Agent)}: equal for {Terminal.Count(difference.Equal, "decision")}, then");
            host.Out.WriteLine($"  first:  {Describe(difference.FirstLeft) ?? "nothing more"}");
            host.Out.WriteLine($"  second: {Describe(difference.FirstRight) ?? "nothing more"}");
        }
        host.Out.WriteLine(
            $"{(equal ? "equal" : "different")}: {Terminal.Count(agents.Count, "agent")}, "
            + $"{Terminal.Count(agents.Sum(a => a.Left))} and {Terminal.Count(agents.Sum(a => a.Right), "decision")}");
        return equal ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static void Points(CommandHost host, string agent, AgentMemory before, AgentMemory after, bool json)
    {
        string[] keys = [.. before.Values.Keys.Union(after.Values.Keys).Order(StringComparer.Ordinal)];
        string Value(AgentMemory memory, string key) => memory.Values.TryGetValue(key, out object? value) ? AgentMemory.Text(value) : "–";
        if (json)
        {
            JsonOutput.Write(host.Out, new { Agent = agent, Before = before.Values, After = after.Values });
            return;
        }
        host.Out.WriteLine($"{agent} after {Terminal.Count(before.Events)} and after {Terminal.Count(after.Events, "event")}");
        foreach (string key in keys)
        {
            (string earlier, string later) = (Value(before, key), Value(after, key));
            host.Out.WriteLine(earlier == later ? $"  {key,-20} {later}" : $"* {key,-20} {earlier} → {later}");
        }
    }

    private static string? Describe(StoredEvent? stored) => stored is null
        ? null
        : Terminal.Printable($"event {stored.Number} {stored.Manifest}: {EventText.Content(stored)}");
}
