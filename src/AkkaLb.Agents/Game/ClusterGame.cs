using Akka.Actor;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Plays.Members;

namespace AkkaLb.Agents.Game;

/// <summary>Players and servers that are shard entities, on any node of a cluster.</summary>
internal sealed class ClusterGame(MemberAddresses members) : IGameAddresses
{
    public void Tell(IPlayerMessage message, IActorRef sender) => members.Tell(PlayerJournal.Agent(message.Player), message, sender);

    public void Tell(IServerMessage message, IActorRef sender) => members.Tell(ServerJournal.Agent(message.Server), message, sender);

    public void TellGame(IGameMessage report, IActorRef sender) => members.Play.Tell(report, sender);
}
