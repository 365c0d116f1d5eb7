using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>
/// SED that is told no weights: it takes each server's capacity for its weight, as it shows in when connections begin and end
/// (<see cref="CapacityEstimator"/>).
/// </summary>
internal sealed class EstimatedSedPolicy : IDispatchPolicy
{
    private const long Period = Ticks.PerSecond / 2;

    private readonly SedPolicy _sed;
    private readonly CapacityEstimator _estimator = new(new EstimationOptions());
    private readonly int[] _open;
    private readonly float[] _weights;
    private readonly Capacity[] _capacities;
    private long _next;

    public EstimatedSedPolicy(PolicyContext context)
    {
        int servers = context.Weights.Count;
        _sed = new SedPolicy(context with { Weights = [.. Enumerable.Repeat(1.0, servers)] });
        _open = new int[servers];
        _weights = new float[servers];
        _capacities = new Capacity[servers];
        _estimator.Grow(servers);
    }

    public int Choose(in Job job, long now)
    {
        if (now >= _next)
        {
            _next = now + Period;
            Decide(Ticks.ToSeconds(now));
        }
        return _sed.Choose(job, now);
    }

    public void SetAvailable(ReadOnlySpan<bool> available) => _sed.SetAvailable(available);

    public void Opened(int server, long now)
    {
        _estimator.Change(server, _open[server]++, Ticks.ToSeconds(now));
        _sed.Opened(server, now);
    }

    public void Closed(int server, long duration, long now)
    {
        _estimator.Depart(server, _open[server]--, Ticks.ToSeconds(now));
        _sed.Closed(server, duration, now);
    }

    public void Failed(int server, long duration, long now)
    {
        _estimator.Change(server, _open[server]--, Ticks.ToSeconds(now));
        _sed.Closed(server, duration, now);
    }

    private void Decide(double now)
    {
        for (int j = 0; j < _weights.Length; j++)
        {
            _estimator.Settle(j, _open[j], now);
        }
        if (!_estimator.TryEstimate(_capacities))
        {
            return;
        }
        for (int j = 0; j < _weights.Length; j++)
        {
            _weights[j] = (float)_capacities[j].Rate;
        }
        _sed.SetWeights(_weights);
    }
}
