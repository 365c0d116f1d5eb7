using Akka.Actor;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Servers;

/// <summary>A server of a game on a cluster.</summary>
public sealed record ServerPlan(ServerState Initial, ServerOptions Options) : IMemberPlan
{
    public Props MakeProps(MemberPlace place) =>
        ServerActor.Props(Initial, Options, new ClusterGame(place.Addresses), place.Journal);
}
