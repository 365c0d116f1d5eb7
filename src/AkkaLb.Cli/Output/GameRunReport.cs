using AkkaLb.Runtime.Experiments.Game;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>The result of a game run for people.</summary>
internal static class GameRunReport
{
    private static readonly (string Name, string Content)[] Files =
    [
        (RunFolder.SummaryFile, "the figures above and more"),
        (RunFolder.RoundsFile, "one row per round, step or move: messages, potential, loads"),
        (RunFolder.LoadsPlotFile, "the servers' loads over time"),
        (RunFolder.ScalingFile, "one row per size"),
        (RunFolder.ScalingPlotFile, "steps over the number of servers"),
        (RunFolder.InstanceFile, "the instance, for 'akkalb game static' and 'dynamic'"),
        (RunFolder.ConfigurationFile, "the resolved configuration"),
        (RunFolder.LogFile, "the log"),
        (JournalLocation.Folder, "what the players placed, for 'akkalb journal'"),
    ];

    public static void Write(IAnsiConsole console, GameSummary summary, string folder)
    {
        GameMetrics metrics = summary.Metrics;
        console.WriteLine($"{summary.Method} game, seed {summary.Seed}: {Outcome(summary)}");
        if (metrics.Cells is { } cells)
        {
            WriteCells(console, cells);
        }
        Grid facts = Facts.Begin();
        facts.Fact("actors", metrics.Players is null ? null : $"{metrics.Players} players, {metrics.Servers} servers, {metrics.Schedule}");
        facts.Fact("moves", metrics.Moves is { } moves ? Terminal.Count(moves) : null);
        facts.Fact("messages", metrics.Messages is { } m
            ? $"{Terminal.Count(m.Total)} sent: {Terminal.Count(m.Observations)} to observe, {Terminal.Count(m.Placements)} to place, "
                + $"{Terminal.Count(m.Control)} for turns and reports"
            : null);
        facts.Fact("potential", metrics.Potential is { } phi
            ? $"{Terminal.Figure(phi)}, {Terminal.Percent(metrics.PotentialExcess ?? 0)} above the equilibria's" : null);
        facts.Fact("bounds", metrics.UpperBound is { } upper ? $"{metrics.LowerBound} to {upper} steps" : null);
        facts.Fact("mean wait", metrics.MeanWait is { } wait ? $"{Terminal.Figure(wait)} steps, in the last half" : null);
        facts.Fact("mean load", metrics.MeanLoad is { } load
            ? $"{Terminal.Figure(load)} in the last half, all servers empty in {Terminal.Percent(metrics.IdleShare ?? 0)} of its steps"
            : null);
        facts.Fact("wall time", Terminal.Duration(TimeSpan.FromSeconds(summary.WallSeconds)));
        facts.Fact("run folder", RunFolder.Near(folder));
        facts.Files(folder, Files);
        console.Write(facts);
    }

    private static string Outcome(GameSummary summary) => summary.Metrics switch
    {
        _ when summary.Status == RunSummary.Stopped => "stopped",
        { Cells.Count: var sizes } => $"{sizes} sizes",
        { Rounds: { } rounds, Converged: true } => $"an equilibrium after {Terminal.Plain(rounds, "round")}",
        { Rounds: { } rounds, CycleLength: { } period } =>
            $"no equilibrium: repeats every {Terminal.Plain(period, "round")}, seen in round {rounds}",
        { Rounds: { } rounds } => $"no equilibrium in {Terminal.Plain(rounds, "round")}",
        { Converged: true } metrics => $"all servers empty after {Terminal.Plain(metrics.Steps ?? 0, "step")}",
        var metrics => $"servers not empty in {Terminal.Plain(metrics.Steps ?? 0, "step")}",
    };

    private static void WriteCells(IAnsiConsole console, IReadOnlyList<ScalingCell> cells)
    {
        int[] servers = [.. cells.Select(c => c.Servers).Distinct()];
        Table table = Terminal.Table([("players", Justify.Right), .. servers.Select(m => ($"m={m} [bound]", Justify.Right))]);
        foreach (IGrouping<int, ScalingCell> row in cells.GroupBy(c => c.Players))
        {
            table.AddRow([new Text($"{row.Key}"), .. row.Select(
                c => new Text(FormattableString.Invariant($"{c.MeanSteps:0.00} [{c.MeanLevelBound:0.00}]")))]);
        }
        console.WriteFitted(table);
    }
}
