using System.Runtime.CompilerServices;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;

namespace AkkaLb.Live.Proxy.Guards;

/// <summary>
/// Compares the agent's weights with the configured ones as traffic goes on: in every cycle the configured weights hold for one slice, and
/// requests that began in it are set beside those of the slice before. Pairs of neighbouring slices have the same load, so that their
/// ratio tells the weights apart.
/// </summary>
internal sealed class RunningComparison
{
    /// <summary>Pairs that are remembered, and fewest that decide.</summary>
    public const int MostPairs = 20, LeastPairs = 5;

    /// <summary>Requests of each slice of a pair that counts.</summary>
    public const int LeastRequests = 10;

    // Of a slice's beginning nothing counts: what is in flight then was sent by the other weights.
    private const double Settling = 0.25;

    // Standard errors that the mean must be beyond the margin.
    private const double Certainty = 2;

    private readonly long _slice, _cycle;
    private readonly double _margin;
    private readonly bool _enabled;
    private readonly Queue<double> _pairs = new();
    private long _begun = -1;
    private Sum _learned, _configured;
    private volatile StrongBox<(int, double?)> _standing = new((0, null));

    public RunningComparison(ComparisonOptions options)
    {
        _enabled = options.Enabled;
        _slice = LiveClock.Of(options.Slice);
        _cycle = (long)(_slice / options.Share);
        _margin = options.Margin;
    }

    /// <summary>
    /// Pairs so far, and how much longer requests take with the agent's weights, on average over the pairs: 0 is as long. To be read by any
    /// thread.
    /// </summary>
    public (int Pairs, double? Disadvantage) Standing => _standing.Value;

    /// <summary>Whether the configured weights hold now.</summary>
    public bool IsSlice(long now)
    {
        if (!_enabled)
        {
            return false;
        }
        _begun = _begun < 0 ? now : _begun;
        return Place(now) >= _cycle - _slice;
    }

    /// <summary>A request has ended.</summary>
    /// <param name="started">Ticks.</param>
    /// <param name="duration">Ticks; of one that failed, what it counts for.</param>
    public void Count(long started, long duration)
    {
        if (!_enabled || _begun < 0 || started < _begun)
        {
            return;
        }
        long place = Place(started), into = place - (_cycle - 2 * _slice);
        if (into < 0 || into % _slice < Settling * _slice)
        {
            return;
        }
        ref Sum sum = ref (into < _slice ? ref _learned : ref _configured);
        (sum.Duration, sum.Requests) = (sum.Duration + duration, sum.Requests + 1);
    }

    /// <summary>Takes the last cycle's pair into account, when its requests have ended: half a cycle later.</summary>
    /// <returns>Whether the agent has lost.</returns>
    public bool HasLost(long now)
    {
        if (!_enabled || _begun < 0 || Place(now) < _cycle / 4 || Place(now) > _cycle - 2 * _slice)
        {
            return false;
        }
        if (_learned.Requests < LeastRequests || _configured.Requests < LeastRequests)
        {
            return false;
        }
        _pairs.Enqueue(Math.Log(_learned.Mean / _configured.Mean));
        if (_pairs.Count > MostPairs)
        {
            _pairs.Dequeue();
        }
        (_learned, _configured) = (default, default);
        double mean = _pairs.Average();
        _standing = new((_pairs.Count, Math.Exp(mean) - 1));
        if (_pairs.Count < LeastPairs)
        {
            return false;
        }
        double error = Math.Sqrt(_pairs.Sum(pair => (pair - mean) * (pair - mean)) / (_pairs.Count - 1) / _pairs.Count);
        return mean - Certainty * error > Math.Log(1 + _margin);
    }

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        _pairs.Clear();
        _standing = new((0, null));
        (_learned, _configured, _begun) = (default, default, -1);
    }

    private long Place(long time) => (time - _begun) % _cycle;

    private struct Sum
    {
        public long Duration;
        public int Requests;

        public readonly double Mean => (double)Duration / Requests;
    }
}
