using Akka.Actor;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Domain.Randomness;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Hosting;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Proxy.Agents;

/// <summary>The actor of one cluster with the policy that it was trained with, from its start to its end.</summary>
internal sealed class LiveAgent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IActorRef _actor;
    private readonly Task _ended;
    private readonly TrainedBalancer? _policy;
    private readonly string _saved;
    private readonly TimeProvider _time;
    private readonly bool _learns;

    private LiveAgent(IActorRef actor, TrainedBalancer? policy, string saved, bool learns, TimeProvider time) =>
        (_actor, _ended, _policy, _saved, _learns, _time) = (actor, actor.WatchAsync(), policy, saved, learns, time);

    public IActorRef Actor => _actor;

    /// <summary>Whether it ended by itself: its journal failed, or there was a defect.</summary>
    public bool HasDied => _ended.IsCompleted;

    /// <summary>Starts the agent of a cluster.</summary>
    /// <exception cref="Domain.InvalidInputException">The policy's run cannot be used.</exception>
    public static LiveAgent Start(ServiceHost host, ProxyOptions proxy, BalancedCluster cluster, ILogger log)
    {
        ClusterOptions options = cluster.Options;
        LearnedOptions learned = options.Learned;
        string saved = Path.Combine(proxy.State, $"policy-{options.Name}");
        TrainedBalancer? policy = learned.Policy.Length == 0 ? null : TrainedBalancer.Open(
            learned.Policy, learned.Balancer, learned.OnLine, saved, steps => log.PolicyLearnt(options.Name, steps));
        TrafficTwin? twin = policy is null ? null : new TrafficTwin(
            policy.Servers, policy.Sampling, new RandomStream(proxy.Seed, $"proxy/{proxy.Name}/{options.Name}/samples"));
        if (policy is not null && policy.Servers != options.Servers.Count)
        {
            log.PolicyUnused(
                options.Name,
                $"the policy of {learned.Policy} is for {policy.Servers} servers and holds when there are as many, "
                + $"found {options.Servers.Count}");
        }
        LiveBalancer balancer = new(learned.Balance, policy, twin);
        IActorRef actor = host.System.ActorOf(
            LiveBalancerActor.Props(options.Name, balancer, cluster.Plane, host.Agents));
        return new LiveAgent(actor, policy, saved, learned.OnLine, cluster.Clock.Time);
    }

    /// <summary>Ends the agent when what it knows is stored, or when that takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!HasDied)
            {
                await _actor.Ask<LiveBalancerCommands.Settled>(new LiveBalancerCommands.Settle(_time.GetUtcNow()), Patience);
            }
        }
        catch (Exception e) when (e is AskTimeoutException or TaskCanceledException)
        {
            // Its journal has failed, which was said when it did.
        }
        _actor.Tell(PoisonPill.Instance);
        await _ended.WaitAsync(Patience, _time).ContinueWith(_ => { }, TaskScheduler.Default);
        if (_policy is not null)
        {
            if (_learns)
            {
                await _policy.SaveAsync(_saved);
            }
            _policy.Dispose();
        }
    }
}
