using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>
/// After Prequal (Wydrowski et al., "Load is not what you should balance", NSDI 2024): every connection sends a few probes ahead to random
/// servers; replies wait in a small pool and are used again a few times. Among pooled servers whose requests in flight are not among the
/// highest seen, the one with the least latency is chosen; if all are, the one with the fewest requests in flight.
/// </summary>
internal sealed class PrequalPolicy : IProbingPolicy
{
    private const int PoolSize = 16, ProbesPerConnection = 3, MostUses = 3, Window = 128;
    private const long MostAge = Ticks.PerSecond;
    private const double HotQuantile = 0.84;

    private readonly PolicyContext _context;
    private readonly Available _available;
    private readonly bool[] _isAvailable;
    private readonly Entry[] _pool = new Entry[PoolSize];
    private readonly int[] _seen = new int[Window], _sorted = new int[Window];
    private int _count, _seenCount, _seenNext;
    private bool _removeWorst;

    public PrequalPolicy(PolicyContext context)
    {
        _context = context;
        _available = new Available(context.Weights.Count);
        _isAvailable = new bool[context.Weights.Count];
    }

    public long Period => 0;

    public int Choose(in Job job, long now)
    {
        Expire(now);
        int place = _count < 2 ? -1 : Best();
        int server = place < 0 ? _available.Draw(_context.Random) : _pool[place].Server;
        if (place >= 0)
        {
            // Until its next reply the server is known to have this one more.
            _pool[place].InFlight++;
            if (++_pool[place].Uses >= MostUses)
            {
                Remove(place);
            }
        }
        if (_count == PoolSize)
        {
            Remove(_removeWorst ? Worst() : 0);
            _removeWorst = !_removeWorst;
        }
        for (int k = 0; k < ProbesPerConnection; k++)
        {
            _context.Probes.Send(_available.Draw(_context.Random));
        }
        return server;
    }

    public void SetAvailable(ReadOnlySpan<bool> available)
    {
        _available.Set(available);
        available.CopyTo(_isAvailable);
        for (int k = _count - 1; k >= 0; k--)
        {
            if (!available[_pool[k].Server])
            {
                Remove(k);
            }
        }
    }

    public void Tick(long now)
    {
    }

    public void Replied(int server, in ProbeReply reply, long now)
    {
        _seen[_seenNext] = reply.Present;
        _seenNext = (_seenNext + 1) % Window;
        _seenCount = Math.Min(_seenCount + 1, Window);
        if (!_isAvailable[server])
        {
            return;
        }
        // Of one server only the latest reply is kept, as the pool may be larger than the fleet.
        for (int k = _count - 1; k >= 0; k--)
        {
            if (_pool[k].Server == server)
            {
                Remove(k);
            }
        }
        if (_count == PoolSize)
        {
            Remove(0);
        }
        _pool[_count++] = new Entry { Server = server, InFlight = reply.Present, Latency = reply.Latency, Received = now };
    }

    public void Unanswered(int server, long sent)
    {
        for (int k = _count - 1; k >= 0; k--)
        {
            if (_pool[k].Server == server && _pool[k].Received <= sent)
            {
                Remove(k);
            }
        }
    }

    /// <summary>The pool is in order of age, so the first is the oldest.</summary>
    private void Expire(long now)
    {
        while (_count > 0 && now - _pool[0].Received > MostAge)
        {
            Remove(0);
        }
    }

    private int Best()
    {
        int hot = HotThreshold(), best = 0;
        for (int k = 1; k < _count; k++)
        {
            bool better = (_pool[k].InFlight <= hot, _pool[best].InFlight <= hot) switch
            {
                (true, true) => _pool[k].Latency < _pool[best].Latency,
                (true, false) => true,
                (false, true) => false,
                _ => _pool[k].InFlight < _pool[best].InFlight,
            };
            best = better ? k : best;
        }
        return best;
    }

    private int Worst()
    {
        int worst = 0;
        for (int k = 1; k < _count; k++)
        {
            worst = _pool[k].InFlight > _pool[worst].InFlight ? k : worst;
        }
        return worst;
    }

    /// <summary>Requests in flight up to which a server is cold: a quantile of the last replies.</summary>
    private int HotThreshold()
    {
        Span<int> sorted = _sorted.AsSpan(0, _seenCount);
        _seen.AsSpan(0, _seenCount).CopyTo(sorted);
        sorted.Sort();
        return sorted[(int)(HotQuantile * (_seenCount - 1))];
    }

    private void Remove(int place) => Array.Copy(_pool, place + 1, _pool, place, --_count - place);

    private struct Entry
    {
        public int Server, InFlight, Uses;
        public double Latency;
        public long Received;
    }
}
