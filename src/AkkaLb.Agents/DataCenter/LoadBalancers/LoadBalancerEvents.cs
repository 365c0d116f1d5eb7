using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

public static class LoadBalancerEvents
{
    /// <summary>Answers <see cref="LoadBalancerCommands.Observe"/> where a centre decides: what it is shown.</summary>
    /// <param name="Time">Seconds since the episode's start.</param>
    /// <param name="Features">Length 11 N + 5.</param>
    /// <param name="Available">Length N.</param>
    public sealed record Observed(LoadBalancerId LoadBalancer, int Moment, double Time, float[] Features, bool[] Available)
        : IDataCenterMessage;

    /// <summary>What the load balancer met with in the episode that has ended; comes before <see cref="EpisodeStored"/>.</summary>
    public sealed record FailuresReported(LoadBalancerId LoadBalancer, FailureReport Report) : IDataCenterMessage;

    /// <summary>What the load balancer decided in the episode is stored.</summary>
    /// <param name="Part">What it recorded of the episode for its learner; null when it was not asked for.</param>
    public sealed record EpisodeStored(LoadBalancerId LoadBalancer, EpisodePart? Part) : IDataCenterMessage;
}
