using Akka.Actor;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Domain.Randomness;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Hosting;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Proxy.Agents;

/// <summary>
/// The actor of one cluster, or of one balancer that is steered, with the policy that it was trained with, from its start to its end.
/// </summary>
internal sealed class LiveAgent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IActorRef _actor;
    private readonly Task _ended;
    private readonly TimeProvider _time;
    private bool _isDisposed;

    private LiveAgent(IActorRef actor, TimeProvider time) => (_actor, _ended, _time) = (actor, actor.WatchAsync(), time);

    public IActorRef Actor => _actor;

    /// <summary>Whether it ended by itself: its journal failed, or there was a defect.</summary>
    public bool HasDied => _ended.IsCompleted;

    // Null: capacities alone decide.
    private TrainedBalancer? Policy { get; init; }

    // Where what it has learnt is kept; null: it does not learn on.
    private string? Saved { get; init; }

    private Action<string> Unsaved { get; init; } = _ => { };

    /// <summary>Starts an agent whom capacities alone make decide.</summary>
    public static LiveAgent Start(ServiceHost host, string name, LiveBalancer balancer, WeightPlane plane, TimeProvider time) =>
        new(StartActor(host, name, balancer, plane), time);

    /// <summary>Starts the agent of a cluster.</summary>
    /// <exception cref="Domain.InvalidInputException">The policy's run cannot be used.</exception>
    public static LiveAgent Start(ServiceHost host, ProxyOptions proxy, BalancedCluster cluster, ILogger log)
    {
        ClusterOptions options = cluster.Options;
        LearnedOptions learned = options.Learned;
        TrainedBalancer? policy = OpenPolicy(proxy, options, steps => log.PolicyLearnt(options.Name, steps));
        TrafficTwin? twin = policy is null ? null : new TrafficTwin(
            policy.Servers, policy.Sampling, new RandomStream(proxy.Seed, $"proxy/{proxy.Name}/{options.Name}/samples"));
        // How many there are behind names is known with their addresses alone.
        if (policy is not null && options.Dns == TimeSpan.Zero && policy.Servers != options.Servers.Count)
        {
            log.PolicyProblem(
                options.Name,
                $"the policy of {learned.Policy} is for {policy.Servers} servers and holds when there are as many, "
                + $"found {options.Servers.Count}");
        }
        LiveBalancer balancer = new(learned.Balance, policy, twin);
        return new LiveAgent(StartActor(host, options.Name, balancer, cluster.Plane), cluster.Clock.Time)
        {
            Policy = policy, Saved = learned.OnLine ? SavedPolicy(proxy, options) : null,
            Unsaved = problem => log.PolicyProblem(options.Name, $"what the policy learnt cannot be kept: {problem}"),
        };
    }

    /// <exception cref="Domain.InvalidInputException">The policy's run cannot be used.</exception>
    public static void CheckPolicy(ProxyOptions proxy, ClusterOptions cluster) => OpenPolicy(proxy, cluster, _ => { })?.Dispose();

    /// <summary>Ends when it has read its journal and what it was told before, or when that takes too long.</summary>
    public async Task RecoveredAsync(TimeSpan patience)
    {
        try
        {
            await _actor.Ask<LiveBalancerCommands.Recovered>(LiveBalancerCommands.Recovered.Instance, patience);
        }
        catch (Exception e) when (e is AskTimeoutException or TaskCanceledException)
        {
            // The configured weights hold until it says a word.
        }
    }

    /// <summary>Ends the agent when what it knows is stored, or when that takes too long; once, however often it is asked.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
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
        if (Policy is null)
        {
            return;
        }
        using (Policy)
        {
            try
            {
                await (Saved is null ? Task.CompletedTask : Policy.SaveAsync(Saved));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or RunFailedException)
            {
                // A full disk ends the agent like any other end: who takes over must not wait for it.
                Unsaved(e.Message);
            }
        }
    }

    private static TrainedBalancer? OpenPolicy(ProxyOptions proxy, ClusterOptions cluster, Action<int> learnt)
    {
        LearnedOptions learned = cluster.Learned;
        try
        {
            return learned.Policy.Length == 0 ? null : TrainedBalancer.Open(
                learned.Policy, learned.Balancer, learned.OnLine, SavedPolicy(proxy, cluster), learnt);
        }
        catch (InvalidInputException e)
        {
            string key = ProxyReader.Key($"{ProxyReader.Section}.clusters", cluster.Name, "learned.policy");
            throw new InvalidInputException($"{proxy.Source}: '{key}': {e.Message}", e);
        }
    }

    private static string SavedPolicy(ProxyOptions proxy, ClusterOptions cluster) =>
        Path.Combine(proxy.State, $"policy-{cluster.Name}");

    private static IActorRef StartActor(ServiceHost host, string name, LiveBalancer balancer, WeightPlane plane) =>
        host.System.ActorOf(LiveBalancerActor.Props(name, balancer, plane, host.Agents));
}
