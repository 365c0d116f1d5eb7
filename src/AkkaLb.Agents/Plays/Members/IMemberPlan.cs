using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Plays.Members;

/// <summary>What a member of a play, a player or a server say, is made from on the node where it is to live.</summary>
public interface IMemberPlan : IMessage
{
    /// <summary>What it decides by, which its node has before it begins; null: nothing that is learnt.</summary>
    ParcelKey? Policy => null;

    Props MakeProps(MemberPlace place);
}

/// <summary>Where a member is made.</summary>
/// <param name="Journal">Where the member stores; null: nowhere.</param>
/// <param name="Policy">Of <see cref="IMemberPlan.Policy"/>.</param>
public sealed record MemberPlace(PlayRun Run, MemberAddresses Addresses, AgentJournal? Journal, byte[]? Policy);

/// <summary>What a node knows of the run of a play from its files: nothing of it is sent with messages.</summary>
/// <param name="Network">Of a run of that family; else null.</param>
/// <param name="DataCenter">Of a run of that family; else null.</param>
/// <param name="Learning">Of a run whose load balancers learn; else null.</param>
/// <param name="Journal">Where agents store; null: nowhere.</param>
public sealed record PlayRun(NetworkModel? Network, DataCenterModel? DataCenter, BalancerLearning? Learning, AgentJournal? Journal);

/// <summary>The runs that nodes of a cluster can host plays of.</summary>
public interface IPlayRuns
{
    /// <exception cref="Exception">The run is not known, or its files cannot be read now.</exception>
    Task<PlayRun> LoadAsync(string run);
}
