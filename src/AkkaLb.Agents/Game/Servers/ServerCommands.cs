using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Servers;

/// <summary>A message to one server; <see cref="Server"/> is its address.</summary>
public interface IServerMessage : IMessage
{
    ServerId Server { get; }
}

public static class ServerCommands
{
    /// <summary>The game goes on after so many rounds: of what the server has stored, the rest is decided again.</summary>
    public sealed record GoOnAfter(ServerId Server, long Rounds) : IServerMessage;

    /// <summary>Tell the player the load of this moment, by <see cref="ServerEvents.LoadObserved"/>.</summary>
    /// <param name="Turn">Repeated in the answer, so that the player knows what it belongs to.</param>
    public sealed record ObserveLoad(ServerId Server, long Turn, PlayerId Player) : IServerMessage;

    /// <summary>
    /// From now on the player has this much here, instead of what it had; answered by <see cref="ServerEvents.WorkAccepted"/>.
    /// </summary>
    public sealed record PlaceWork(ServerId Server, long Turn, PlayerId Player, double Amount) : IServerMessage;

    /// <summary>A round is over; answered by <see cref="ServerEvents.LoadPublished"/>.</summary>
    public sealed record CloseRound(ServerId Server, int Round) : IServerMessage;

    /// <summary>Work for one step; answered by <see cref="ServerEvents.LoadPublished"/>.</summary>
    /// <param name="Round">The step, from 1.</param>
    public sealed record Serve(ServerId Server, int Round) : IServerMessage;

    /// <summary>The game is over; answered by <see cref="ServerEvents.Settled"/> when all rounds are stored.</summary>
    public sealed record Settle(ServerId Server) : IServerMessage;
}
