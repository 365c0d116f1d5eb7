using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Players;

/// <summary>A player of a game on a cluster.</summary>
/// <inheritdoc cref="PlayerActor(PlayerState, double, PlayerId, IGameAddresses, AgentJournal?)" path="/param"/>
public sealed record PlayerPlan(PlayerState Initial, double Share, PlayerId Next) : IMemberPlan
{
    public Props MakeProps(MemberPlace place) =>
        PlayerActor.Props(Initial, Share, Next, new ClusterGame(place.Addresses), place.Journal);
}
