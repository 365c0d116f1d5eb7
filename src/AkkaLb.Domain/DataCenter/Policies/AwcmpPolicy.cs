using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Policies;

/// <summary>
/// Adaptive WCMP: probes every server for its busy threads b_j in every period, and draws in proportion to w_j/(b_j + 1). A server that
/// owes a reply gets nothing until it answers, unless all do.
/// </summary>
internal sealed class AwcmpPolicy : IProbingPolicy
{
    private readonly PolicyContext _context;
    private readonly AliasTable _table;
    private readonly double[] _weights;
    private readonly int[] _busy;
    private readonly bool[] _available, _silent;
    private readonly long[] _answered;
    private bool _stale;

    public AwcmpPolicy(PolicyContext context)
    {
        int servers = context.Weights.Count;
        _context = context;
        _table = new AliasTable(servers);
        _weights = new double[servers];
        _busy = new int[servers];
        _available = new bool[servers];
        _silent = new bool[servers];
        _answered = new long[servers];
    }

    public long Period => _context.Probing.Period;

    public int Choose(in Job job, long now)
    {
        if (_stale)
        {
            Rebuild();
        }
        return _table.Choose(job.Hash);
    }

    public void SetAvailable(ReadOnlySpan<bool> available)
    {
        available.CopyTo(_available);
        _stale = true;
    }

    public void Tick(long now)
    {
        for (int j = 0; j < _available.Length; j++)
        {
            if (_available[j])
            {
                _context.Probes.Send(j);
            }
        }
    }

    public void Replied(int server, in ProbeReply reply, long now)
    {
        (_busy[server], _silent[server], _answered[server]) = (reply.Busy, false, now);
        _stale = true;
    }

    public void Unanswered(int server, long sent)
    {
        _silent[server] = _answered[server] <= sent;
        _stale = true;
    }

    private void Rebuild()
    {
        bool anyAnswers = false;
        for (int j = 0; j < _weights.Length; j++)
        {
            anyAnswers |= _available[j] && !_silent[j];
        }
        for (int j = 0; j < _weights.Length; j++)
        {
            _weights[j] = _available[j] && !(anyAnswers && _silent[j]) ? _context.Weights[j] / (_busy[j] + 1) : 0;
        }
        _table.Build(_weights);
        _stale = false;
    }
}
