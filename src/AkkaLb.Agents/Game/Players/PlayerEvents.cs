using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Players;

/// <summary>What a player reports to its game.</summary>
public static class PlayerEvents
{
    /// <summary>The player knows what it will place.</summary>
    /// <param name="Sent">Messages that it sent since its last report, this one included.</param>
    public sealed record Decided(PlayerId Player, long Turn, MessageCounts Sent) : IGameMessage;

    /// <summary>All servers have accepted the player's work.</summary>
    /// <param name="Decision">What it placed, and the level that it expected.</param>
    /// <param name="Wait">D_i, the mean wait of its work as it expected when it decided, in steps.</param>
    /// <param name="Sent">Messages that it sent since its last report, this one included.</param>
    public sealed record Moved(PlayerId Player, long Turn, PlacementDecided Decision, double Wait, MessageCounts Sent) : IGameMessage;

    /// <summary>All moves of the player are stored.</summary>
    public sealed record Settled(PlayerId Player) : IGameMessage;
}
