using AkkaLb.Agents.Game.Servers;

namespace AkkaLb.Agents.Game.Games;

/// <summary>Whose jobs arrive at a step of the dynamic game, and what their players see.</summary>
public enum Arrivals
{
    /// <summary>One player's.</summary>
    One,

    /// <summary>Everybody's; a token goes round, so each player sees what those before it have placed: equilibrium play.</summary>
    AllInTurn,

    /// <summary>Everybody's, all at once: each player sees the step's initial loads.</summary>
    AllAtOnce,
}

/// <summary>How actors play the dynamic game.</summary>
/// <param name="Arrivals">Whose jobs arrive at a step.</param>
/// <param name="Picks">
/// The player of each step, for <see cref="Arrivals.One"/>; without end, the same whenever they are gone through.
/// </param>
/// <param name="Service">
/// With any law but the constant one the game goes on after the servers have become empty, as they may fill again.
/// </param>
/// <param name="MaximumSteps">The game ends after so many steps.</param>
/// <param name="Seed">Root seed of the run.</param>
public sealed record DynamicGameOptions(Arrivals Arrivals, IEnumerable<int> Picks, ServiceLaw Service, int MaximumSteps, ulong Seed);
