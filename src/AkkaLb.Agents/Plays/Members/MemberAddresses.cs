using Akka.Actor;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Plays.Members;

/// <summary>Where the members of one attempt at a play are, as any node sees it.</summary>
/// <param name="Region">Of this node.</param>
/// <param name="Play">The play's parent.</param>
public sealed record MemberAddresses(string Run, long Attempt, IActorRef Region, IActorRef Play)
{
    public void Tell(string member, IMessage content, IActorRef sender) =>
        Region.Tell(new ToMember(Run, member, Attempt, content), sender);
}
