using AkkaLb.Agents.Game;
using AkkaLb.Agents.Telemetry;
using AkkaLb.Domain.Game;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>Keeps what a game reports, and makes <c>rounds.csv</c> of it: a row per round or step; same seed, same bytes.</summary>
internal sealed class GameLog(GameInstance<double> instance) : IGameObserver
{
    /// <summary>Servers whose loads get columns of their own.</summary>
    private const int LoadColumns = 50;

    private readonly List<GameRound> _rounds = [];

    public IReadOnlyList<GameRound> Rounds => _rounds;

    public void RoundFinished(GameRound round)
    {
        _rounds.Add(round);
        Metrics.Decisions.Add(round.Moves, Metrics.Tag("family", "game"));
    }

    public string ToCsv()
    {
        bool all = instance.Servers <= LoadColumns;
        return CsvTable.Write(
            [
                "round", "moves", "observations", "placements", "control",
                "potential", "meanWait", "totalLoad", "lowestLevel", "highestLevel",
                .. Enumerable.Range(0, all ? instance.Servers : 0).Select(j => $"load{j}"),
            ],
            _rounds.Select(Row));

        object?[] Row(GameRound round)
        {
            (double lowest, double highest) = Levels(round.Loads);
            return
            [
                round.Round, round.Moves, round.Sent.Observations, round.Sent.Placements, round.Sent.Control, round.Potential,
                double.IsNaN(round.MeanWait) ? null : round.MeanWait, round.Loads.Sum(), lowest, highest,
                .. all ? round.Loads.Cast<object?>() : [],
            ];
        }
    }

    private (double Lowest, double Highest) Levels(IReadOnlyList<double> loads)
    {
        (double lowest, double highest) = (double.PositiveInfinity, 0);
        for (int j = 0; j < loads.Count; j++)
        {
            double level = loads[j] / instance.Rates[j];
            (lowest, highest) = (Math.Min(lowest, level), Math.Max(highest, level));
        }
        return (lowest, highest);
    }
}
