using AkkaLb.Agents.Game.Players;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Servers;

public static class ServerEvents
{
    /// <param name="Player">Who asked.</param>
    /// <param name="Load">Backlog and placements, the asking player's own work included.</param>
    /// <param name="Rate">μ_j, what the server works off in a step, on average if that is random.</param>
    public sealed record LoadObserved(PlayerId Player, ServerId Server, long Turn, double Load, double Rate) : IPlayerMessage;

    /// <summary>The work counts from now on, or, if all players move at once, from the end of the round on.</summary>
    /// <param name="Player">Whose work it is.</param>
    public sealed record WorkAccepted(PlayerId Player, ServerId Server, long Turn) : IPlayerMessage;

    /// <param name="Load">After the round or the step.</param>
    /// <param name="Sent">Messages that the server sent since it last published, this one included.</param>
    public sealed record LoadPublished(ServerId Server, int Round, double Load, MessageCounts Sent) : IGameMessage;

    /// <summary>All rounds of the server are stored.</summary>
    public sealed record Settled(ServerId Server) : IGameMessage;
}
