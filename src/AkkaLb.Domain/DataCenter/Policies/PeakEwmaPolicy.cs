using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>
/// Peak-EWMA over two servers drawn at random: a server costs its latency times its open connections plus one. The latency is a moving
/// average that follows a rise at once and forgets it slowly.
/// </summary>
internal sealed class PeakEwmaPolicy(PolicyContext context) : IDispatchPolicy
{
    /// <summary>Time after which a latency counts 1/e.</summary>
    private const double DecaySeconds = 10;

    // The latency of a server that is busy with its first jobs and has answered none: later than any.
    private const double UnknownSeconds = 1e6;

    private readonly Available _available = new(context.Weights.Count);
    private readonly int[] _open = new int[context.Weights.Count];
    private readonly double[] _latency = new double[context.Weights.Count];
    private readonly long[] _updated = new long[context.Weights.Count];

    public int Choose(in Job job, long now)
    {
        (int first, int second) = _available.DrawTwo(context.Random);
        return Cost(first, now) <= Cost(second, now) ? first : second;
    }

    public void SetAvailable(ReadOnlySpan<bool> available) => _available.Set(available);

    public void Opened(int server, long now) => _open[server]++;

    public void Closed(int server, long duration, long now)
    {
        _open[server]--;
        if (duration < 0)
        {
            return;
        }
        double sample = Ticks.ToSeconds(duration), old = Math.Exp(-Age(server, now) / DecaySeconds);
        _latency[server] = sample > _latency[server] ? sample : old * _latency[server] + (1 - old) * sample;
        _updated[server] = now;
    }

    private double Cost(int server, long now)
    {
        if (_latency[server] == 0)
        {
            return _open[server] == 0 ? 0 : UnknownSeconds * _open[server];
        }
        return _latency[server] * Math.Exp(-Age(server, now) / DecaySeconds) * (_open[server] + 1);
    }

    private double Age(int server, long now) => Ticks.ToSeconds(now - _updated[server]);
}
