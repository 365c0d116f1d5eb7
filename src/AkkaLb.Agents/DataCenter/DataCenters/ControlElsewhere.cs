using System.Collections.Immutable;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.DataCenter.DataCenters;

/// <summary>
/// How load balancers on other nodes are controlled: each by a policy that it is sent, or, where a method decides for all of them jointly,
/// by a centre here, which is told what they see.
/// </summary>
internal sealed class ControlElsewhere
{
    private readonly IReadOnlyList<ILoadBalancerController> _controllers;
    private readonly BalancerControl[] _controls;
    private readonly Dictionary<ParcelKey, byte[]> _policies = [];
    private readonly LoadBalancerObservation[] _observed;
    private readonly float[][] _weights;

    /// <param name="controllers">One for each load balancer.</param>
    /// <param name="servers">N.</param>
    public ControlElsewhere(IReadOnlyList<ILoadBalancerController> controllers, int servers)
    {
        _controllers = controllers;
        _observed = [.. controllers.Select((_, i) => new LoadBalancerObservation(new LoadBalancerId(i), servers))];
        _weights = [.. controllers.Select(_ => Enumerable.Repeat(1f, servers).ToArray())];
        _controls = [.. controllers.Select(Control)];
        IsCentral = _controls.Any(control => control.Start is null);
    }

    /// <summary>Whether a centre decides.</summary>
    public bool IsCentral { get; }

    /// <summary>What load balancers are to be sent.</summary>
    public IReadOnlyDictionary<ParcelKey, byte[]> Policies => _policies;

    public BalancerControl Of(LoadBalancerId loadBalancer) => _controls[loadBalancer.Index];

    /// <summary>Shows the centre what a load balancer sees.</summary>
    public void Observe(LoadBalancerEvents.Observed observed)
    {
        LoadBalancerObservation shown = _observed[observed.LoadBalancer.Index];
        (shown.Moment, shown.Time) = (observed.Moment, observed.Time);
        observed.Features.CopyTo(shown.Features);
        observed.Available.CopyTo(shown.Available);
        _controllers[observed.LoadBalancer.Index].Observe(shown);
    }

    /// <summary>The centre decides for a load balancer.</summary>
    public LoadBalancerCommands.SetWeights Decide(LoadBalancerId loadBalancer)
    {
        float[] weights = _weights[loadBalancer.Index];
        _controllers[loadBalancer.Index].Decide(weights);
        return new LoadBalancerCommands.SetWeights(loadBalancer, [.. weights]);
    }

    /// <summary>What the centre has recorded of a load balancer's episode.</summary>
    public EpisodePart Finish(LoadBalancerId loadBalancer) => ((IEpisodeSource)_controllers[loadBalancer.Index]).Finish();

    private BalancerControl Control(ILoadBalancerController controller)
    {
        if (controller is not IDetachable { Start: { } start } apart)
        {
            return new BalancerControl(null, null);
        }
        byte[] policy = apart.WritePolicy();
        ParcelKey key = ParcelKey.Of($"policy-{start.Agent}", policy);
        _policies.TryAdd(key, policy);
        return new BalancerControl(start, key);
    }
}
