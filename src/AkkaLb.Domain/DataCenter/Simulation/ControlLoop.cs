using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Servers;

namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>At every moment of control shows each load balancer's view to its controller, and then asks each for weights.</summary>
internal sealed class ControlLoop
{
    private readonly DataCenterModel _model;
    private readonly bool _observesTrueLoads;
    private readonly IReadOnlyList<ILoadBalancerController> _controllers;
    private readonly LoadBalancer[] _loadBalancers;
    private readonly ServerModel[] _servers;
    private readonly LoadBalancerObservation[] _observations;
    private readonly float[][] _weights;
    private readonly double[] _shares;

    public ControlLoop(DataCenterModel model, SimulationOptions options, LoadBalancer[] loadBalancers, ServerModel[] servers)
    {
        if (options.Controllers.Count != loadBalancers.Length)
        {
            throw new ArgumentException(
                $"expected {loadBalancers.Length} controllers, one for each load balancer, found {options.Controllers.Count}",
                nameof(options));
        }
        _model = model;
        _observesTrueLoads = options.ObserveTrueLoads;
        _controllers = options.Controllers;
        _loadBalancers = loadBalancers;
        _servers = servers;
        if (!loadBalancers.All(b => b.Policy is IWeightedPolicy))
        {
            throw new ArgumentException($"the policy '{options.Policy}' takes no weights", nameof(options));
        }
        _observations = [.. loadBalancers.Select(b => new LoadBalancerObservation(b.Id, servers.Length))];
        _weights = [.. loadBalancers.Select(_ => Enumerable.Repeat(1f, servers.Length).ToArray())];
        _shares = new double[loadBalancers.Length];
    }

    /// <param name="moment">k, from 0.</param>
    public void Act(long now, int moment)
    {
        for (int i = 0; i < _loadBalancers.Length; i++)
        {
            LoadBalancerObservation observation = _observations[i];
            (observation.Moment, observation.Time) = (moment, Ticks.ToSeconds(now));
            _loadBalancers[i].Observe(now, observation);
        }
        if (_observesTrueLoads)
        {
            ObserveTrueLoads(now);
        }
        for (int i = 0; i < _controllers.Count; i++)
        {
            _controllers[i].Observe(_observations[i]);
        }
        for (int i = 0; i < _controllers.Count && moment < _model.LastMoment; i++)
        {
            _controllers[i].Decide(_weights[i]);
            _loadBalancers[i].SetWeights(_weights[i], now);
        }
    }

    private void ObserveTrueLoads(long now)
    {
        for (int j = 0; j < _servers.Length; j++)
        {
            Array.Clear(_shares);
            _servers[j].AddRemainingTimes(now, _shares);
            double total = _shares.Sum();
            for (int i = 0; i < _observations.Length; i++)
            {
                _observations[i].OwnLoads[j] = (float)_shares[i];
                _observations[i].TotalLoads[j] = (float)total;
            }
        }
    }
}
