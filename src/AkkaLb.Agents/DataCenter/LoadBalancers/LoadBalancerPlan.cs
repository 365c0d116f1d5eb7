using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

/// <summary>A load balancer of an episode on a cluster, with a policy that does not learn.</summary>
/// <param name="Policy">One of <see cref="Domain.DataCenter.Policies.DispatchPolicies.Names"/>.</param>
/// <param name="Seed">Root of all draws.</param>
/// <param name="Episode">Which of the jobs of the seed are played.</param>
/// <param name="Name">Of the episode, in the journal.</param>
public sealed record LoadBalancerPlan(LoadBalancerId LoadBalancer, string Policy, ulong Seed, ulong Episode, string Name) : IMemberPlan
{
    public static string NameOf(LoadBalancerId loadBalancer) => $"load-balancer-{loadBalancer.Index}";

    public Props MakeProps(PlayRun run, MemberAddresses addresses, AgentJournal? journal) => LoadBalancerActor.Props(
        LoadBalancer,
        run.DataCenter ?? throw new InvalidOperationException($"the run of {Name} has no data centre"),
        new SimulationOptions(Policy, Seed, Episode),
        new ClusterDataCenter(addresses),
        controller: null,
        journal is null ? null : new EpisodeJournal(journal, Name));
}
