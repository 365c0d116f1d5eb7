using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Games;

/// <summary>How actors play the static game.</summary>
/// <param name="Schedule">Who moves when.</param>
/// <param name="Start">Where the work is at the start; rows sum to at most the lengths. Not changed.</param>
/// <param name="Share">The part of the way to the best response that each move goes, in (0, 1]; below 1 moves are damped.</param>
/// <param name="MaximumRounds">The game ends after so many rounds.</param>
public sealed record StaticGameOptions(Schedule Schedule, Profile<double> Start, double Share, int MaximumRounds);
