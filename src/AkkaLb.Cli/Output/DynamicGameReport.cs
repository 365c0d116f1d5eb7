using AkkaLb.Domain.Game;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>The result of <c>game dynamic</c> for people.</summary>
internal static class DynamicGameReport
{
    private const int MostServers = 8, MostSteps = 200;

    public static void Write(IAnsiConsole console, GameInstance<double> instance, DynamicGameResult result)
    {
        if (result.Infeasible is { } reason)
        {
            console.WriteLine($"infeasible: {reason}");
        }
        console.WriteLine(result switch
        {
            { Converged: true } => $"all servers empty after {Terminal.Plain(result.Steps, "step")}",
            { CycleLength: { } period } =>
                $"never empty: loads and actions repeat every {Terminal.Plain(period, "step")}, seen at step {result.Steps}",
            { Infeasible: not null, Steps: 0 } => "not run; maxSteps runs it all the same",
            _ => $"servers not empty after {Terminal.Plain(result.Steps, "step")}, total load {Terminal.Figure(result.FinalLoads.Sum())}",
        });
        PrintedBounds bounds = result.Bounds;
        if (bounds.Lower is not null)
        {
            console.WriteLine($"bounds: at least {bounds.Lower}, at most {bounds.Level} (levels), {bounds.TwoPhase} (two phases), "
                + $"{bounds.Appendix} (appendix A.3)");
        }
        if (result.States is { } states)
        {
            WriteTrace(console, Math.Min(instance.Servers, MostServers), states);
        }
    }

    private static void WriteTrace(IAnsiConsole console, int servers, IReadOnlyList<double[]> states)
    {
        Table table = Terminal.Table([("step", Justify.Right), .. Enumerable.Range(0, servers).Select(j => ($"server {j}", Justify.Right)),
            ("total", Justify.Right)]);
        for (int t = 0; t < Math.Min(states.Count, MostSteps); t++)
        {
            table.AddRow(StaticGameReport.Cells(t, [.. states[t].Take(servers), states[t].Sum()]));
        }
        console.WriteFitted(table);
        if (states.Count > MostSteps || states[0].Length > servers)
        {
            console.WriteLine($"… of {states[0].Length} servers and {states.Count - 1} steps; --json shows all");
        }
    }
}
