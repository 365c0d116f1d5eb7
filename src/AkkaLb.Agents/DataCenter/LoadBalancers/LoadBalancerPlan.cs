using Akka.Actor;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Learning.DataCenter.Agents;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

/// <summary>A load balancer of an episode on a cluster.</summary>
/// <param name="Policy">One of <see cref="Domain.DataCenter.Policies.DispatchPolicies.Names"/>.</param>
/// <param name="Seed">Root of all draws.</param>
/// <param name="Episode">Which of the jobs of the seed are played.</param>
/// <param name="Name">Of the episode, in the journal.</param>
/// <param name="Control">Of its weights.</param>
public sealed record LoadBalancerPlan(
    LoadBalancerId LoadBalancer, string Policy, ulong Seed, ulong Episode, string Name, BalancerControl? Control = null) : IMemberPlan
{
    ParcelKey? IMemberPlan.Policy => Control?.Learnt;

    public static string NameOf(LoadBalancerId loadBalancer) => $"load-balancer-{loadBalancer.Index}";

    public Props MakeProps(MemberPlace place) => LoadBalancerActor.Props(
        LoadBalancer,
        place.Run.DataCenter ?? throw new InvalidOperationException($"the run of {Name} has no data centre"),
        new SimulationOptions(Policy, Seed, Episode),
        new ClusterDataCenter(place.Addresses),
        Controller(place),
        place.Journal is null ? null : new EpisodeJournal(place.Journal, Name),
        isControlled: Control is not null);

    private IEpisodeSource? Controller(MemberPlace place) => Control?.Start is { } start
        ? DetachedBalancer.Create(
            place.Run.Learning ?? throw new InvalidOperationException($"the run of {Name} has nothing to learn"), start, place.Policy!)
        : null;
}

/// <summary>What sets a load balancer's weights.</summary>
/// <param name="Start">The load balancer itself, from this start; null: a centre does, beside the data centre.</param>
/// <param name="Learnt">The policy that it decides by; null with a centre.</param>
public sealed record BalancerControl(BalancerStart? Start, ParcelKey? Learnt);
