using System.Collections.Immutable;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

/// <summary>A message to one load balancer; <see cref="LoadBalancer"/> is its address.</summary>
public interface ILoadBalancerMessage : IMessage
{
    LoadBalancerId LoadBalancer { get; }
}

/// <summary>
/// All but <see cref="SetAvailable"/>, <see cref="Watch"/> and <see cref="EndEpisode"/> are answered by
/// <see cref="DataCenters.DataCenterEvents.EventHandled"/>.
/// </summary>
public static class LoadBalancerCommands
{
    /// <summary>The episode begins.</summary>
    public sealed record Start(LoadBalancerId LoadBalancer) : ILoadBalancerMessage;

    /// <summary>Which servers may be used from now on.</summary>
    /// <param name="Available">Length N.</param>
    public sealed record SetAvailable(LoadBalancerId LoadBalancer, ImmutableArray<bool> Available) : ILoadBalancerMessage;

    /// <summary>A client's connection arrives.</summary>
    public sealed record OpenConnection(LoadBalancerId LoadBalancer, long Time, Job Job) : ILoadBalancerMessage, ITimedMessage
    {
        public EventKind Kind => EventKind.AtLoadBalancer;

        /// <summary>
        /// The true state of every server, for the policies that are defined by it; null for all others, which know only what passes
        /// through them.
        /// </summary>
        public ImmutableArray<ServerTruth>? Truth { get; init; }
    }

    /// <summary>A connection ends.</summary>
    /// <param name="Job">As the load balancer sent it to the server, and whether it was rejected there.</param>
    public sealed record CloseConnection(LoadBalancerId LoadBalancer, long Time, Job Job) : ILoadBalancerMessage, ITimedMessage
    {
        public EventKind Kind => EventKind.Close;
    }

    /// <summary>Time for a round of probes.</summary>
    public sealed record SendProbes(LoadBalancerId LoadBalancer, long Time) : ILoadBalancerMessage, ITimedMessage
    {
        public EventKind Kind => EventKind.Tick;
    }

    /// <summary>A server's answer to a probe.</summary>
    public sealed record TakeReply(LoadBalancerId LoadBalancer, long Time, ServerId Server, ProbeReply Reply) : ILoadBalancerMessage,
        ITimedMessage
    {
        public EventKind Kind => EventKind.ProbeReply;
    }

    /// <summary>A probe has had no reply: its server is dead.</summary>
    /// <param name="Sent">When it was sent.</param>
    public sealed record GiveUpProbe(LoadBalancerId LoadBalancer, long Time, ServerId Server, long Sent)
        : ILoadBalancerMessage, ITimedMessage
    {
        public EventKind Kind => EventKind.ProbeTimeout;
    }

    /// <summary>Whose health is to be checked from now on; only where load balancers check it.</summary>
    /// <param name="Watched">Length N.</param>
    public sealed record Watch(LoadBalancerId LoadBalancer, ImmutableArray<bool> Watched) : ILoadBalancerMessage;

    /// <summary>Time for a round of checks.</summary>
    public sealed record SendChecks(LoadBalancerId LoadBalancer, long Time) : ILoadBalancerMessage, ITimedMessage
    {
        public EventKind Kind => EventKind.Check;
    }

    /// <summary>A server has answered a check, or has not in time.</summary>
    public sealed record TakeCheck(LoadBalancerId LoadBalancer, long Time, ServerId Server, bool Passed)
        : ILoadBalancerMessage, ITimedMessage
    {
        public EventKind Kind => Passed ? EventKind.ProbeReply : EventKind.ProbeTimeout;
    }

    /// <summary>Show the controller what the load balancer knows.</summary>
    /// <param name="Moment">k, from 0.</param>
    public sealed record Observe(LoadBalancerId LoadBalancer, long Time, int Moment) : ILoadBalancerMessage;

    /// <summary>Have the controller set the weights until the next moment.</summary>
    public sealed record Decide(LoadBalancerId LoadBalancer) : ILoadBalancerMessage;

    /// <summary>What a centre has decided for the load balancer, until the next moment.</summary>
    /// <param name="Weights">Length N.</param>
    public sealed record SetWeights(LoadBalancerId LoadBalancer, ImmutableArray<float> Weights) : ILoadBalancerMessage;

    /// <summary>
    /// The episode has ended; answered by <see cref="LoadBalancerEvents.EpisodeStored"/> when all that was decided in it is stored.
    /// </summary>
    /// <param name="HandsOver">Whether what was recorded of it is to be handed over, for a learner.</param>
    public sealed record EndEpisode(LoadBalancerId LoadBalancer, bool HandsOver) : ILoadBalancerMessage;
}
