namespace AkkaLb.Agents.Game.Servers;

/// <summary>
/// What happens at a server until it is stored: an event for many rounds, as one for each would cost more than the rounds do.
/// </summary>
/// <remarks>When an event is full follows from the rounds alone, so that a game that is played again makes the same events.</remarks>
internal sealed class RoundLog(int mostRounds)
{
    /// <summary>Placements after which an event is full.</summary>
    public const int MostPlacements = 10_000;

    private readonly List<int> _placements = [], _players = [];
    private readonly List<double> _amounts = [], _services = [];
    private long _events, _rounds;

    public bool IsEmpty => _placements.Count == 0;

    public bool IsFull => _placements.Count >= mostRounds || _players.Count >= MostPlacements;

    public void Place(int player, double amount)
    {
        _players.Add(player);
        _amounts.Add(amount);
    }

    /// <param name="placements">Of the round, placed before.</param>
    public void EndRound(int placements, double? service)
    {
        _placements.Add(placements);
        if (service is { } work)
        {
            _services.Add(work);
        }
    }

    /// <summary>The rounds since the last event.</summary>
    public ServerJournal.RoundsEnded Take(double load)
    {
        ServerJournal.RoundsEnded ended = new(_events++, _rounds, [.. _placements], [.. _players], [.. _amounts], [.. _services], load);
        _rounds = ended.Until;
        _placements.Clear();
        _players.Clear();
        _amounts.Clear();
        _services.Clear();
        return ended;
    }

    /// <summary>The game goes on after an event.</summary>
    public void GoOn(ServerJournal.RoundsEnded after) => (_events, _rounds) = (after.Step + 1, after.Until);
}
