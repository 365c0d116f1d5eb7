using Akka.Actor;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Servers;

namespace AkkaLb.Agents.DataCenter.Servers;

/// <summary>A server of an episode on a cluster.</summary>
/// <param name="IsUp">Whether it is there at the start.</param>
public sealed record ServerPlan(ServerId Server, ServerOptions Options, bool IsUp) : IMemberPlan
{
    public static string NameOf(ServerId server) => $"server-{server.Index}";

    public Props MakeProps(MemberPlace place) =>
        ServerActor.Props(
            Server, Options, IsUp,
            place.Run.DataCenter?.Failures ?? throw new InvalidOperationException($"the run of {NameOf(Server)} has no data centre"),
            new ClusterDataCenter(place.Addresses));
}
