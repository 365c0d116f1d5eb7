using Akka.Actor;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Players;

/// <summary>A message of one player; <see cref="Player"/> is its address.</summary>
public interface IPlayerMessage
{
    PlayerId Player { get; }
}

/// <summary>What a player is told. A <c>Turn</c> numbers the activations of a run.</summary>
public static class PlayerCommands
{
    /// <summary>Learn where the servers are, and who is next in the ring.</summary>
    public sealed record Connect(PlayerId Player, IReadOnlyList<IActorRef> Servers, PlayerNeighbour Next) : IPlayerMessage;

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
}

/// <summary>Another player and where to reach it.</summary>
public sealed record PlayerNeighbour(PlayerId Player, IActorRef Actor);
