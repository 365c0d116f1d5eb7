using AkkaLb.Domain.Game;
using AkkaLb.Runtime.Plots;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>Mean steps of the dynamic game, one job at a step, over numbers of players and servers.</summary>
internal static class ScalingRun
{
    private const long MaximumSteps = 10_000_000;

    /// <returns>Of all sizes; of fewer when it was cancelled.</returns>
    /// <exception cref="RunFailedException">An instance's jobs are too long for its servers.</exception>
    public static IReadOnlyList<ScalingCell> Compute(ScalingPlay play, CancellationToken cancellation)
    {
        List<ScalingCell> cells = [];
        foreach (int players in play.Players)
        {
            foreach (int servers in play.Servers)
            {
                if (cancellation.IsCancellationRequested)
                {
                    return cells;
                }
                cells.Add(Compute(play, players, servers));
            }
        }
        return cells;
    }

    public static string ToCsv(IReadOnlyList<ScalingCell> cells) => CsvTable.Write(
        ["players", "servers", "meanSteps", "meanLevelBound"],
        cells.Select(cell => (object?[])[cell.Players, cell.Servers, cell.MeanSteps, cell.MeanLevelBound]));

    public static string Plot(string name, IReadOnlyList<ScalingCell> cells) => SvgLineChart.Render(
        new LineChart($"{name}: steps until all servers are empty", "servers", "mean steps")
        {
            Series = [.. cells.GroupBy(c => c.Players).Select(group =>
                new ChartSeries($"{group.Key} players", [.. group.Select(c => new ChartPoint(c.Servers, c.MeanSteps))]))],
        });

    private static ScalingCell Compute(ScalingPlay play, int players, int servers)
    {
        (double steps, double bound) = (0, 0);
        for (int q = 0; q < play.Repetitions; q++)
        {
            // One generator draws the instance and then the picks, as in the specification's table.
            SplitMix64 generator = new((ulong)(1000L * players + servers + 7919L * q));
            GameInstance<double> instance = play.Ranges.Draw(players, servers, generator.NextDouble);
            IterationBounds bounds = IterationBounds.ForSequential(instance)
                ?? throw new RunFailedException(
                    $"{players} players on {servers} servers: the longest job exceeds the servers' total rate, they never become empty; "
                    + "expected a lower 'akkalb.game.generate.lengths.max' or higher 'rates'");
            steps += DynamicGame.RunSequential(instance, Picks.Random(players, generator), MaximumSteps).Steps;
            bound += bounds.Level;
        }
        return new ScalingCell(players, servers, steps / play.Repetitions, bound / play.Repetitions);
    }
}
