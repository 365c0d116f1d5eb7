using System.Collections.Immutable;
using AkkaLb.Agents.Journals;

namespace AkkaLb.Agents.Game.Players;

/// <summary>What a player's journal holds.</summary>
public static class PlayerJournal
{
    /// <summary>The agent's name.</summary>
    public static string Agent(Domain.Game.PlayerId player) => $"player-{player.Index}";

    /// <summary>The player placed its job.</summary>
    /// <param name="Step">Number of the move, from 0.</param>
    /// <param name="Level">ν, the level that it expected.</param>
    /// <param name="Placement">Work on each server.</param>
    public sealed record JobPlaced(long Step, double Level, ImmutableArray<double> Placement) : IJournalEvent;
}
