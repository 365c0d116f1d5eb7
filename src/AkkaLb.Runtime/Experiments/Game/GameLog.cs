using AkkaLb.Agents.Game;
using AkkaLb.Agents.Telemetry;
using AkkaLb.Domain.Game;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>
/// Keeps what a game reports, and makes <c>rounds.csv</c> of it: a row per round or step, or one per move; same seed, same bytes.
/// </summary>
/// <param name="start">The profile that the game starts from, when rows are to be of moves; else null.</param>
internal sealed class GameLog(GameInstance<double> instance, Profile<double>? start) : IGameObserver
{
    /// <summary>Servers whose loads get columns of their own.</summary>
    private const int LoadColumns = 50;

    private readonly List<GameRound> _rounds = [];

    public IReadOnlyList<GameRound> Rounds => _rounds;

    public bool WantsMoves => start is not null;

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
                .. WantsMoves ? ["player"] : Array.Empty<string>(),
            ],
            WantsMoves ? MoveRows() : _rounds.Select(round => Row(round, round.Loads, round.Potential, round.MeanWait, round.Moves)));

        object?[] Row(GameRound round, IReadOnlyList<double> loads, double potential, double wait, long moves, int? player = null)
        {
            (double lowest, double highest) = Levels(loads);
            // Messages are counted when a round is over.
            bool over = moves == round.Moves;
            return
            [
                round.Round, moves, over ? round.Sent.Observations : null, over ? round.Sent.Placements : null,
                over ? round.Sent.Control : null, potential, double.IsNaN(wait) ? null : wait, loads.Sum(), lowest, highest,
                .. all ? loads.Cast<object?>() : [], .. WantsMoves ? [player] : Array.Empty<object?>(),
            ];
        }

        IEnumerable<object?[]> MoveRows()
        {
            Profile<double> profile = start!.Clone();
            foreach (GameRound round in _rounds)
            {
                if (round.Round == 0)
                {
                    yield return Row(round, round.Loads, round.Potential, round.MeanWait, round.Moves);
                }
                long moves = round.Moves - round.ByMove.Count;
                foreach (GameMove move in round.ByMove)
                {
                    move.Placement.ToArray().CopyTo(profile[move.Player]);
                    yield return Row(
                        round, GameCosts.LoadsUnder(instance, profile), GameCosts.Potential(instance, profile), move.Wait, ++moves,
                        move.Player);
                }
            }
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
