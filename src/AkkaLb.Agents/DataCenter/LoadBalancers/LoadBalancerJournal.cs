using System.Collections.Immutable;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

/// <summary>What a load balancer's journal holds.</summary>
public static class LoadBalancerJournal
{
    /// <summary>The agent's name in an episode.</summary>
    /// <param name="episode">Such as <c>qmix-lb.3</c>: policy and repetition.</param>
    public static string Agent(LoadBalancerId loadBalancer, string episode) => $"load-balancer-{loadBalancer.Index}.{episode}";

    /// <summary>The load balancer's controller decided the weights of the servers.</summary>
    /// <param name="Step">Number of the decision in its episode, from 0.</param>
    /// <param name="Weights">One for each server.</param>
    public sealed record WeightsSet(long Step, ImmutableArray<float> Weights) : IJournalEvent
    {
    }
}

/// <summary>Where the decisions of an episode are stored.</summary>
/// <param name="Journal">Of the run.</param>
/// <param name="Episode">Names the episode in its load balancers' names.</param>
public sealed record EpisodeJournal(AgentJournal Journal, string Episode);
