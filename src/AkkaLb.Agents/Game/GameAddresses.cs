using Akka.Actor;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game;

/// <summary>
/// Where the actors of a game are, by their ids: each asks here where a message goes, and keeps no reference to another. On one node they
/// are the game's children.
/// </summary>
public sealed class GameAddresses
{
    private readonly IActorRef[] _players, _servers;

    /// <summary>Starts the players and servers. They are told where the others are, and ask from their first message on.</summary>
    public GameAddresses(
        IActorRef game, int players, int servers, Func<PlayerId, GameAddresses, IActorRef> player,
        Func<ServerId, GameAddresses, IActorRef> server)
    {
        Game = game;
        _servers = [.. Enumerable.Range(0, servers).Select(j => server(new ServerId(j), this))];
        _players = [.. Enumerable.Range(0, players).Select(i => player(new PlayerId(i), this))];
    }

    public IActorRef Game { get; }

    public int Players => _players.Length;

    public int Servers => _servers.Length;

    public IActorRef this[PlayerId player] => _players[player.Index];

    public IActorRef this[ServerId server] => _servers[server.Index];
}
