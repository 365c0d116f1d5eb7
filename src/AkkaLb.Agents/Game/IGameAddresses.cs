using Akka.Actor;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game;

/// <summary>
/// Where the actors of a game are: whoever sends a message names its player or server, and knows nothing of where that one lives.
/// </summary>
public interface IGameAddresses
{
    /// <summary>Sends a message to its player.</summary>
    void Tell(IPlayerMessage message, IActorRef sender);

    /// <summary>Sends a message to its server.</summary>
    void Tell(IServerMessage message, IActorRef sender);

    /// <summary>Sends what a player or a server reports to its game.</summary>
    void TellGame(IGameMessage report, IActorRef sender);
}

/// <summary>Players and servers that are children of their game, all in this process.</summary>
internal sealed class LocalGame : IGameAddresses
{
    private readonly IActorRef _game;
    private readonly IActorRef[] _players, _servers;

    /// <summary>Starts them. They are handed these addresses, which are complete before the first message.</summary>
    public LocalGame(
        IActorRef game, int players, int servers, Func<PlayerId, IGameAddresses, IActorRef> player,
        Func<ServerId, IGameAddresses, IActorRef> server)
    {
        _game = game;
        _servers = [.. Enumerable.Range(0, servers).Select(j => server(new ServerId(j), this))];
        _players = [.. Enumerable.Range(0, players).Select(i => player(new PlayerId(i), this))];
    }

    public void Tell(IPlayerMessage message, IActorRef sender) => _players[message.Player.Index].Tell(message, sender);

    public void Tell(IServerMessage message, IActorRef sender) => _servers[message.Server.Index].Tell(message, sender);

    public void TellGame(IGameMessage report, IActorRef sender) => _game.Tell(report, sender);
}
