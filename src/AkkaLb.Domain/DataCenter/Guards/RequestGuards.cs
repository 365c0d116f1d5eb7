using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Guards;

/// <summary>
/// The rules above the policy of one simulated load balancer: which servers it uses, who is bound to which, and what failed jobs may be
/// sent again. Each rule is the proxy's.
/// </summary>
internal sealed class RequestGuards
{
    private readonly FailureOptions _options;
    private readonly IDispatchPolicy _policy;
    private readonly IWeightedPolicy? _weighted;
    private readonly GuardedServer[] _servers;
    private readonly bool[] _inUse, _watched;
    private readonly float[] _weights, _inForce;
    private readonly int[] _boundTo;
    private readonly EjectionRule _ejection;
    private readonly RetryBudget _budget;
    private readonly List<ServerStateChange> _changes = [];
    private long _timeOuts, _refusals, _retries, _moved, _panics;
    private long _nextBack = Ticks.Never;
    private bool _stale = true, _isFirst = true, _ramps, _panicked;

    /// <param name="policy">Is told which servers are in use.</param>
    /// <param name="weighted">Is told of weights that grow; null where the policy has none.</param>
    /// <param name="weights">Those configured.</param>
    public RequestGuards(FailureOptions options, IDispatchPolicy policy, IWeightedPolicy? weighted, IReadOnlyList<double> weights)
    {
        (_options, _policy, _weighted) = (options, policy, weighted);
        _servers = [.. weights.Select((weight, j) => new GuardedServer(j) { ConfiguredWeight = weight, Weight = weight })];
        (_inUse, _watched) = (new bool[_servers.Length], new bool[_servers.Length]);
        _weights = [.. weights.Select(weight => (float)weight)];
        _inForce = new float[_servers.Length];
        _boundTo = new int[options.StickyClients];
        Array.Fill(_boundTo, -1);
        _ejection = new EjectionRule(options.Ejection);
        _budget = new RetryBudget(options.Retries.Budget);
    }

    /// <summary>Who gets new jobs, as of the last <see cref="Refresh"/>.</summary>
    public ReadOnlySpan<bool> InUse => _inUse;

    /// <summary>Whom to check: all but those that an operator is at work on.</summary>
    public ReadOnlySpan<bool> Watched => _watched;

    public FailureReport Report => new(_timeOuts, _refusals, _retries, _moved, _panics, [.. _changes]);

    /// <summary>An operator has decided who may be used.</summary>
    public void Administer(ReadOnlySpan<bool> available)
    {
        for (int j = 0; j < _servers.Length; j++)
        {
            _servers[j].IsDrained = !available[j];
        }
        _stale = true;
    }

    public void Watch(ReadOnlySpan<bool> watched) => watched.CopyTo(_watched);

    /// <summary>The weights that hold once slow starts are over.</summary>
    public void SetWeights(ReadOnlySpan<float> weights, long now)
    {
        weights.CopyTo(_weights);
        Ramp(now, always: true);
    }

    /// <summary>What time alone changes, and what others have decided meanwhile; called before every choice.</summary>
    public void Refresh(long now)
    {
        if (now >= _nextBack)
        {
            TakeBack(now);
        }
        if (_stale)
        {
            Announce(now);
        }
        if (_ramps)
        {
            Ramp(now, always: false);
        }
    }

    /// <summary>A check has its answer, or has had none in time.</summary>
    public void Checked(int server, bool passed, long now)
    {
        if (_watched[server] && _servers[server].Health.Count(passed, _options.Health!.Fall, _options.Health.Rise))
        {
            _changes.Add(new ServerStateChange(now, server, passed ? ServerState.Healthy : ServerState.Unhealthy));
            _stale = true;
        }
    }

    /// <summary>The server for a new job: its client's, if that is in use, or the policy's choice.</summary>
    public int Choose(in Job job, long now)
    {
        _budget.Earn();
        if (_boundTo.Length == 0)
        {
            return _policy.Choose(job, now);
        }
        ref int bound = ref _boundTo[JobTraits.Client(job.Hash, _boundTo.Length)];
        if (bound >= 0 && _inUse[bound])
        {
            return bound;
        }
        _moved += bound >= 0 ? 1 : 0;
        return bound = _policy.Choose(job, now);
    }

    /// <summary>The server for a job that has failed, which the client still waits for.</summary>
    /// <returns>−1: it is not sent again.</returns>
    public int ChooseAgain(in Job job, long now)
    {
        Refresh(now);
        return job.Retries < _options.Retries.Most && JobTraits.IsBelow(job.Hash, _options.Idempotent)
            && ServerSearch.Other<GuardedServer>(_servers, job.Server) is { } other && _budget.TrySpend()
                ? other.Number : -1;
    }

    public void Opened(in Job job)
    {
        GuardedServer server = _servers[job.Server];
        server.Places++;
        server.Picks++;
        _retries += job.Retries > 0 ? 1 : 0;
    }

    public void Closed(in Job job, long now)
    {
        GuardedServer server = _servers[job.Server];
        server.Places--;
        _timeOuts += job.TimedOut ? 1 : 0;
        _refusals += job is { Rejected: true, TimedOut: false } ? 1 : 0;
        if (_ejection.Count(server.Ejection, job.Rejected, now) is null)
        {
            return;
        }
        _changes.Add(new ServerStateChange(now, server.Number, ServerState.Ejected));
        _nextBack = Math.Min(_nextBack, server.Ejection.Until);
        _stale = true;
    }

    private void TakeBack(long now)
    {
        _nextBack = Ticks.Never;
        foreach (GuardedServer server in _servers)
        {
            if (_ejection.TakeBack(server.Ejection, now))
            {
                _changes.Add(new ServerStateChange(now, server.Number, ServerState.TakenBack));
                _stale = true;
            }
            else if (server.Ejection.IsEjected)
            {
                _nextBack = Math.Min(_nextBack, server.Ejection.Until);
            }
        }
    }

    private void Announce(long now)
    {
        Span<bool> before = stackalloc bool[_inUse.Length];
        _inUse.CopyTo(before);
        bool panics = Availability.Announce<GuardedServer>(_servers, _options.Ejection.Panic, now, _inUse);
        _panics += panics && !_panicked ? 1 : 0;
        (_panicked, _stale) = (panics, false);
        for (int j = 0; j < _servers.Length; j++)
        {
            // One that was added has had no request yet, and begins slowly too.
            if (_inUse[j] && !before[j] && !_isFirst)
            {
                _servers[j].InUseSince = now;
                _ramps = _options.SlowStart > 0;
            }
        }
        _isFirst = false;
        if (_inUse.Contains(true))
        {
            _policy.SetAvailable(_inUse);
        }
    }

    /// <param name="always">Whether there are other weights; false: only the shares of them may be others.</param>
    private void Ramp(long now, bool always)
    {
        _ramps = false;
        for (int j = 0; j < _servers.Length; j++)
        {
            GuardedServer server = _servers[j];
            double share = SlowStart.Share(now - server.InUseSince, _options.SlowStart);
            _ramps |= share < 1;
            server.Weight = _weights[j] * share;
            _inForce[j] = (float)server.Weight;
        }
        if (always || _options.SlowStart > 0)
        {
            _weighted?.SetWeights(_inForce);
        }
    }
}
