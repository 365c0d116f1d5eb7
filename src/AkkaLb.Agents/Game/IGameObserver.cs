using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game;

/// <summary>Watches a game that actors play. Calls come one at a time and in order; a slow observer slows the game.</summary>
public interface IGameObserver
{
    /// <summary>Whether rounds are to come with their moves, one by one.</summary>
    bool WantsMoves => false;

    void RoundFinished(GameRound round);
}

/// <summary>A move within a round of the static game.</summary>
/// <param name="Turn">Its place in the order of all moves, from 0.</param>
/// <param name="Wait">D_i, as the player expected when it decided.</param>
/// <param name="Placement">l_i, the player's work on each server after the move.</param>
public sealed record GameMove(long Turn, int Player, double Wait, IReadOnlyList<double> Placement);

/// <summary>The state after a round of the static game or a step of the dynamic one; round 0 is the start.</summary>
/// <param name="Round">Number, from 0.</param>
/// <param name="Loads">Load of each server; shared, never written again.</param>
/// <param name="Potential">Φ of the placements (static game only; 0 in the dynamic game).</param>
/// <param name="MeanWait">Mean of D_i over the moves of the round, as the players expected when they decided; NaN if nobody moved.</param>
/// <param name="Moves">Moves since the start.</param>
/// <param name="Sent">Messages since the start.</param>
public sealed record GameRound(int Round, IReadOnlyList<double> Loads, double Potential, double MeanWait, long Moves, MessageCounts Sent)
{
    /// <summary>The moves of the round in order; empty unless the observer wants them.</summary>
    public IReadOnlyList<GameMove> ByMove { get; init; } = [];
}

/// <summary>How a game ended.</summary>
/// <param name="Converged">Static: an equilibrium was reached. Dynamic: all servers became empty.</param>
/// <param name="Rounds">Rounds or steps until then; all that were played if it did not converge.</param>
/// <param name="CycleLength">Period in rounds, if deterministic moves came back to an earlier state that is no equilibrium.</param>
/// <param name="Moves">Moves made.</param>
/// <param name="Sent">Messages sent.</param>
/// <param name="Loads">Load of each server at the end.</param>
/// <param name="Profile">Who has what where at the end; null in the dynamic game.</param>
public sealed record GameOutcome(
    bool Converged, int Rounds, int? CycleLength, long Moves, MessageCounts Sent, IReadOnlyList<double> Loads, Profile<double>? Profile);
