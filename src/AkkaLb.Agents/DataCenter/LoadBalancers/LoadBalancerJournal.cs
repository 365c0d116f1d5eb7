using System.Collections.Immutable;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.DataCenter;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

/// <summary>
/// What a load balancer's journal holds. There is one for each episode, as an episode begins with nothing known of earlier ones.
/// </summary>
public static class LoadBalancerJournal
{
    /// <summary>The agent's name in an episode.</summary>
    /// <param name="episode">Such as <c>qmix-lb.3</c>: policy and repetition; or <c>training.17</c>.</param>
    public static string Agent(LoadBalancerId loadBalancer, string episode) => $"load-balancer-{loadBalancer.Index}.{episode}";

    /// <summary>The load balancer's controller decided the weights of the servers; stored no longer.</summary>
    /// <param name="Step">Number of the decision in its episode, from 0.</param>
    /// <param name="Weights">One for each server.</param>
    public sealed record WeightsSet(long Step, ImmutableArray<float> Weights) : IJournalEvent;

    /// <summary>All that the load balancer's controller decided in an episode.</summary>
    /// <param name="Step">0: an episode has one.</param>
    /// <param name="Servers">N.</param>
    /// <param name="Weights">[decisions, servers].</param>
    public sealed record WeightsDecided(long Step, int Servers, ImmutableArray<float> Weights) : IJournalEvent
    {
        public int Decisions => Weights.Length / Servers;
    }

    /// <summary>Where the load balancer sent the connections of an episode.</summary>
    /// <param name="Step">0: an episode has one.</param>
    /// <param name="Opened">On each server.</param>
    /// <param name="Rejected">When no server was available.</param>
    /// <param name="Choices">Digest of the servers chosen, in their order: other choices, or another order, give another one.</param>
    public sealed record ConnectionsOpened(long Step, ImmutableArray<long> Opened, long Rejected, ulong Choices) : IJournalEvent;
}

/// <summary>Where the decisions of an episode are stored.</summary>
/// <param name="Journal">Of the run.</param>
/// <param name="Episode">Names the episode in its load balancers' names.</param>
public sealed record EpisodeJournal(AgentJournal Journal, string Episode);
