using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Servers;

/// <summary>A message of one server; <see cref="Server"/> is its address.</summary>
public interface IServerMessage
{
    ServerId Server { get; }
}

public static class ServerCommands
{
    /// <summary>Tell the load of this moment; answered by <see cref="ServerEvents.LoadObserved"/>.</summary>
    /// <param name="Turn">Repeated in the answer, so that the player knows what it belongs to.</param>
    public sealed record ObserveLoad(ServerId Server, long Turn) : IServerMessage;

    /// <summary>From now on the player has this much here, instead of what it had; answered by <see cref="ServerEvents.WorkAccepted"/>.</summary>
    public sealed record PlaceWork(ServerId Server, long Turn, PlayerId Player, double Amount) : IServerMessage;

    /// <summary>A round is over; answered by <see cref="ServerEvents.LoadPublished"/>.</summary>
    public sealed record CloseRound(ServerId Server, int Round) : IServerMessage;

    /// <summary>Work for one step; answered by <see cref="ServerEvents.LoadPublished"/>.</summary>
    /// <param name="Round">The step, from 1.</param>
    public sealed record Serve(ServerId Server, int Round) : IServerMessage;
}
