using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>Makes the load balancers of a model with their streams of draws.</summary>
public static class LoadBalancerFactory
{
    /// <param name="observed">Whether samples are taken for observations.</param>
    /// <param name="truth">Null where nobody knows the state of all servers.</param>
    public static LoadBalancer Create(
        DataCenterModel model, int index, string policy, ulong seed, ulong episode, bool observed, IProbes probes, IServerTruth? truth)
    {
        PolicyContext context = new(
            model.Weights, new RandomStream(seed, $"load-balancer/{index}/choices", episode), probes, model.Probing, truth);
        IDispatchPolicy chosen = DispatchPolicies.Create(policy, context);
        IDispatchPolicy used = chosen is not IProbingPolicy && model.Probing.Monitors && !observed
            ? new MonitoringPolicy(chosen, context) : chosen;
        return new LoadBalancer(
            new LoadBalancerId(index),
            used,
            model.Servers.Count,
            observed ? model.Sampling : null,
            new RandomStream(seed, $"load-balancer/{index}/samples", episode),
            model.Failures.IsOn ? new RequestGuards(model.Failures, used, chosen as IWeightedPolicy, model.Weights) : null);
    }
}
