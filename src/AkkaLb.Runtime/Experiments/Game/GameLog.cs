using System.Globalization;
using System.Text;
using AkkaLb.Agents.Game;
using AkkaLb.Domain.Game;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>Keeps what a game reports, and makes <c>rounds.csv</c> of it: a row per round or step; same seed, same bytes.</summary>
internal sealed class GameLog(GameInstance<double> instance) : IGameObserver
{
    /// <summary>Servers whose loads get columns of their own.</summary>
    private const int LoadColumns = 50;

    private readonly List<GameRound> _rounds = [];

    public IReadOnlyList<GameRound> Rounds => _rounds;

    public void RoundFinished(GameRound round) => _rounds.Add(round);

    public string ToCsv()
    {
        StringBuilder csv = new("round,moves,observations,placements,control,potential,meanWait,totalLoad,lowestLevel,highestLevel");
        bool all = instance.Servers <= LoadColumns;
        for (int j = 0; all && j < instance.Servers; j++)
        {
            csv.Append(CultureInfo.InvariantCulture, $",load{j}");
        }
        csv.Append('\n');
        foreach (GameRound round in _rounds)
        {
            (double lowest, double highest) = Levels(round.Loads);
            csv.Append(CultureInfo.InvariantCulture, $"{round.Round},{round.Moves},{round.Sent.Observations},{round.Sent.Placements},{round.Sent.Control},");
            csv.Append(CultureInfo.InvariantCulture, $"{round.Potential},{(double.IsNaN(round.MeanWait) ? "" : round.MeanWait.ToString(CultureInfo.InvariantCulture))},");
            csv.Append(CultureInfo.InvariantCulture, $"{round.Loads.Sum()},{lowest},{highest}");
            foreach (double load in all ? round.Loads : [])
            {
                csv.Append(CultureInfo.InvariantCulture, $",{load}");
            }
            csv.Append('\n');
        }
        return csv.ToString();
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
