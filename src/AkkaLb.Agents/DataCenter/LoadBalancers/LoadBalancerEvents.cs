using AkkaLb.Domain.DataCenter;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

public static class LoadBalancerEvents
{
    /// <summary>What the load balancer decided in the episode is stored.</summary>
    /// <param name="Part">What it recorded of the episode for its learner; null when it was not asked for.</param>
    public sealed record EpisodeStored(LoadBalancerId LoadBalancer, EpisodePart? Part) : IDataCenterMessage;
}
