using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Players;

/// <summary>A message to one player; <see cref="Player"/> is its address.</summary>
public interface IPlayerMessage : IMessage
{
    PlayerId Player { get; }
}

/// <summary>What a player is told. A <c>Turn</c> numbers the activations of a run.</summary>
public static class PlayerCommands
{
    /// <summary>The game goes on after so many of the player's moves: of what it has stored, the rest is decided again.</summary>
    public sealed record GoOnAfter(PlayerId Player, long Moves) : IPlayerMessage;

    /// <summary>Observe all servers and place the job anew; answered by <see cref="PlayerEvents.Moved"/>.</summary>
    /// <param name="NewJob">A new job has arrived: what was placed before is the servers' now and stays.</param>
    public sealed record TakeTurn(PlayerId Player, long Turn, bool NewJob) : IPlayerMessage;

    /// <summary>Take a turn, and hand the token on while there are turns left.</summary>
    /// <param name="Left">Turns in the ring after this one.</param>
    public sealed record TakeToken(PlayerId Player, long Turn, bool NewJob, int Left) : IPlayerMessage;

    /// <summary>Observe all servers and decide, but keep the decision; answered by <see cref="PlayerEvents.Decided"/>.</summary>
    public sealed record Observe(PlayerId Player, long Turn) : IPlayerMessage;

    /// <summary>Place what was decided; answered by <see cref="PlayerEvents.Moved"/>.</summary>
    public sealed record Place(PlayerId Player, long Turn) : IPlayerMessage;

    /// <summary>The game is over; answered by <see cref="PlayerEvents.Settled"/> when all moves are stored.</summary>
    public sealed record Settle(PlayerId Player) : IPlayerMessage;
}
