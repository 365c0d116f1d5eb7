using System.Collections.Immutable;
using AkkaLb.Domain.DataCenter.Control;

namespace AkkaLb.Domain.DataCenter.Estimation;

/// <summary>How a balancer of real traffic decides.</summary>
public sealed record LiveBalancerOptions
{
    public EstimationOptions Estimation { get; init; } = new();

    /// <summary>Largest factor by which a decision changes a weight, above 1.</summary>
    public double LargestStep { get; init; } = 1.5;

    /// <summary>Least weight, as a share of the mean one, 0 to 1.</summary>
    public double LeastWeight { get; init; } = 0.05;

    /// <summary>Changes of all weights below this share are not made, 0 to below 1.</summary>
    public double Hysteresis { get; init; } = 0.01;

    /// <summary>What a trained policy's action counts beside the capacities, as the exponent of its weights: 0 to 1.</summary>
    public double PolicyShare { get; init; } = 0.25;
}

/// <summary>Weights that a balancer decided on, and why.</summary>
/// <param name="Number">From 1; 0 before the first decision.</param>
/// <param name="Weights">By server; 1 on average.</param>
/// <param name="Capacities">By server; empty while nothing is known.</param>
/// <param name="Reason">One line.</param>
public sealed record LiveDecision(long Number, ImmutableArray<float> Weights, ImmutableArray<Capacity> Capacities, string Reason)
{
    public static LiveDecision None { get; } = new(0, [], [], "nothing decided yet");
}

/// <summary>
/// What a balancer of real traffic knows and how it decides: weights are the servers' capacities (<see cref="CapacityEstimator"/>), which a
/// trained policy may modulate, within a largest step and above a floor. Not safe for several threads at once.
/// </summary>
public sealed class LiveBalancer
{
    private readonly LiveBalancerOptions _options;
    private readonly ILoadBalancerController? _policy;
    private readonly TrafficTwin? _twin;
    private readonly List<int> _inFlight = [];
    private float[] _weights = [], _actions = [];
    private int _moment;

    /// <param name="policy">A trained policy; null: capacities alone decide.</param>
    /// <param name="twin">Shows the policy what it has learnt to look at; there if a policy is.</param>
    public LiveBalancer(LiveBalancerOptions options, ILoadBalancerController? policy = null, TrafficTwin? twin = null)
    {
        (_options, _policy, _twin) = (options, policy, twin);
        Capacities = new CapacityEstimator(options.Estimation);
    }

    public CapacityEstimator Capacities { get; }

    public IReadOnlyList<float> Weights => _weights;

    public int Servers => _weights.Length;

    /// <summary>Makes room for servers up to a number; new ones weigh as much as the average one.</summary>
    public void Grow(int servers)
    {
        Capacities.Grow(servers);
        while (_inFlight.Count < servers)
        {
            _inFlight.Add(0);
        }
        if (servers > _weights.Length)
        {
            int known = _weights.Length;
            Array.Resize(ref _weights, servers);
            _weights.AsSpan(known).Fill(1);
            _actions = [.. Enumerable.Repeat(1f, servers)];
        }
    }

    /// <summary>Begins with weights that were decided earlier.</summary>
    public void Restore(int server, float weight) => _weights[server] = weight;

    public void Observe(in Passage passage)
    {
        double now = Ticks.ToSeconds(passage.Time);
        if (passage.Kind == PassageKind.Answered)
        {
            Capacities.Depart(passage.Server, passage.InFlight, now);
        }
        else
        {
            Capacities.Change(passage.Server, passage.InFlight, now);
        }
        _inFlight[passage.Server] = passage.InFlightAfter;
        _twin?.Observe(passage);
    }

    /// <summary>Decides.</summary>
    /// <param name="available">By server: whether it is in use.</param>
    /// <param name="now">Ticks.</param>
    /// <returns>Null where the weights stay.</returns>
    public (float[] Weights, Capacity[] Capacities, string Reason)? Decide(ReadOnlySpan<bool> available, long now)
    {
        int servers = Servers, changed = -1;
        for (int j = 0; j < servers; j++)
        {
            if (Capacities.Settle(j, _inFlight[j], Ticks.ToSeconds(now)))
            {
                changed = j;
            }
        }
        var capacities = new Capacity[servers];
        if (!Capacities.TryEstimate(capacities))
        {
            return null;
        }
        double[] wanted = [.. capacities.Select(capacity => capacity.Rate)];
        bool modulated = Modulate(wanted, available, now);
        Normalise(wanted, available);
        bool bounded = false, moved = false;
        var weights = new float[servers];
        for (int j = 0; j < servers; j++)
        {
            double least = Math.Max(_weights[j] / _options.LargestStep, _options.LeastWeight), most = _weights[j] * _options.LargestStep;
            double weight = Math.Clamp(wanted[j], Math.Min(least, most), most);
            weights[j] = (float)Math.Max(weight, _options.LeastWeight);
            bounded |= weights[j] != (float)wanted[j];
            moved |= Math.Abs(weights[j] / _weights[j] - 1) > _options.Hysteresis;
        }
        if (!moved)
        {
            return null;
        }
        weights.CopyTo(_weights, 0);
        string reason = (changed >= 0 ? $"server {changed} works at another speed" : "capacities")
            + (modulated ? ", modulated by the policy" : "") + (bounded ? ", within the largest step and the floor" : "");
        return (weights, capacities, reason);
    }

    private bool Modulate(Span<double> wanted, ReadOnlySpan<bool> available, long now)
    {
        if (_policy is null || _twin!.Servers != wanted.Length || _options.PolicyShare == 0)
        {
            return false;
        }
        LoadBalancerObservation observation = _twin.Describe(available, now, _moment++);
        _policy.Observe(observation);
        _policy.Decide(_actions);
        for (int j = 0; j < wanted.Length; j++)
        {
            wanted[j] *= Math.Pow(_actions[j], _options.PolicyShare);
        }
        return true;
    }

    /// <summary>Brings the mean over the servers in use to 1, or over all where none is.</summary>
    private static void Normalise(Span<double> weights, ReadOnlySpan<bool> available)
    {
        double sum = 0;
        int count = 0;
        bool any = available.Contains(true);
        for (int j = 0; j < weights.Length; j++)
        {
            if (available[j] || !any)
            {
                sum += weights[j];
                count++;
            }
        }
        for (int j = 0; j < weights.Length; j++)
        {
            weights[j] *= count / sum;
        }
    }
}
