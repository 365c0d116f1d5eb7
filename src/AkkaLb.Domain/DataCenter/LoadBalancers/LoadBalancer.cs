using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.LoadBalancers;

/// <summary>
/// One load balancer: its dispatch policy, its connections, and its samples of what they tell. It knows only what passes through it.
/// </summary>
public sealed class LoadBalancer
{
    /// <summary>What a rejected job's completion time is lengthened by: the client's time-out.</summary>
    public const long RejectPenalty = 40 * Ticks.PerSecond;

    // Packets of a connection seen between two arrivals: 0, 1 or 2.
    private const int PacketChoices = 3;

    private readonly IDispatchPolicy _policy;
    private readonly int[] _open;
    private readonly bool[] _available;
    private readonly FlowTable? _flows;
    private readonly Reservoir[] _durations = [], _completions = [];
    private readonly Reservoir? _gaps;
    private readonly CapacityEstimator? _capacities;
    private readonly RandomStream _random;
    private readonly SamplingOptions? _sampling;
    private long _lastArrival = -1;
    private readonly RequestGuards? _guards;
    private int _availableCount;

    /// <param name="sampling">Null to take no samples, where nobody observes.</param>
    /// <param name="random">The stream of the samples.</param>
    /// <param name="guards">Null: servers do not fail but as they are said to, and failed jobs are lost.</param>
    internal LoadBalancer(
        LoadBalancerId id, IDispatchPolicy policy, int servers, SamplingOptions? sampling, RandomStream random,
        RequestGuards? guards = null)
    {
        _guards = guards;
        Id = id;
        _policy = policy;
        _open = new int[servers];
        _available = new bool[servers];
        _random = random;
        _sampling = sampling;
        if (sampling is not null)
        {
            _flows = new FlowTable();
            _durations = [.. Enumerable.Range(0, servers).Select(_ => new Reservoir(sampling.Slots))];
            _completions = [.. Enumerable.Range(0, servers).Select(_ => new Reservoir(sampling.Slots))];
            _gaps = new Reservoir(sampling.Slots);
        }
        if (sampling is { Capacities: true })
        {
            _capacities = new CapacityEstimator(new EstimationOptions());
            _capacities.Grow(servers);
        }
    }

    public LoadBalancerId Id { get; }

    public IDispatchPolicy Policy => _policy;

    /// <summary>q_j of every server.</summary>
    public ReadOnlySpan<int> Open => _open;

    /// <summary>A connection arrives: chooses its server and counts it there.</summary>
    /// <returns>False when no server is available.</returns>
    public bool TryOpen(ref Job job, long now)
    {
        if (_flows is not null)
        {
            Sample(now);
        }
        Refresh(now);
        if (_availableCount == 0)
        {
            return false;
        }
        job.Server = _guards?.Choose(job, now) ?? _policy.Choose(job, now);
        Begin(ref job, now);
        return true;
    }

    /// <summary>A job that is back as failed: chooses another server for it.</summary>
    /// <returns>False: it is not sent again.</returns>
    public bool TryOpenAgain(ref Job job, long now)
    {
        int server = _guards!.ChooseAgain(job, now);
        if (server < 0)
        {
            return false;
        }
        (job.Server, job.Rejected, job.TimedOut, job.Returned) = (server, false, false, false);
        job.Retries++;
        Begin(ref job, now);
        return true;
    }

    private void Begin(ref Job job, long now)
    {
        job.Opened = now;
        _capacities?.Change(job.Server, _open[job.Server], Ticks.ToSeconds(now));
        _open[job.Server]++;
        _policy.Opened(job.Server, now);
        if (_flows is not null)
        {
            job.Flow = _flows.Add(job.Server, now);
        }
        _guards?.Opened(job);
    }

    /// <summary>A connection ends.</summary>
    public void Close(in Job job, long now)
    {
        long duration = now - job.Opened;
        if (job.Rejected)
        {
            // Nothing that the server has done.
            _capacities?.Change(job.Server, _open[job.Server], Ticks.ToSeconds(now));
            _policy.Failed(job.Server, job.TimedOut ? duration : duration + RejectPenalty, now);
        }
        else
        {
            _capacities?.Depart(job.Server, _open[job.Server], Ticks.ToSeconds(now));
            _policy.Closed(job.Server, duration, now);
        }
        _open[job.Server]--;
        _guards?.Closed(job, now);
        if (_flows is null)
        {
            return;
        }
        _flows.Remove(job.Flow);
        if (!job.Rejected)
        {
            _completions[job.Server].Add(now, (float)Ticks.ToSeconds(duration), _random);
        }
    }

    /// <summary>Who may be used as far as others decide that: all of it where nothing is guarded.</summary>
    public void SetAvailable(ReadOnlySpan<bool> available)
    {
        if (_guards is not null)
        {
            _guards.Administer(available);
            return;
        }
        available.CopyTo(_available);
        _availableCount = available.Count(true);
        if (_availableCount > 0)
        {
            _policy.SetAvailable(available);
        }
    }

    /// <summary>Whom to check, of those of <see cref="Watched"/> from now on.</summary>
    public void Watch(ReadOnlySpan<bool> watched) => _guards!.Watch(watched);

    /// <summary>Servers whose health is checked; empty where nothing is guarded.</summary>
    public ReadOnlySpan<bool> Watched => _guards is null ? [] : _guards.Watched;

    /// <summary>A check of a server has its answer, or has had none in time.</summary>
    public void Checked(int server, bool passed, long now) => _guards!.Checked(server, passed, now);

    /// <summary>What has failed so far; null where nothing is guarded.</summary>
    public FailureReport? Failures => _guards?.Report;

    /// <summary>The weights of a policy that takes weights, from what has learnt them.</summary>
    /// <param name="weights">Positive, one for each server.</param>
    public void SetWeights(ReadOnlySpan<float> weights, long now)
    {
        if (_guards is not null)
        {
            _guards.SetWeights(weights, now);
            return;
        }
        ((IWeightedPolicy)_policy).SetWeights(weights);
    }

    /// <summary>Writes what the load balancer knows now, but for the true loads.</summary>
    /// <exception cref="InvalidOperationException">The load balancer takes no samples.</exception>
    public void Observe(long now, LoadBalancerObservation observation)
    {
        Refresh(now);
        SamplingOptions sampling = _sampling ?? throw new InvalidOperationException("the load balancer takes no samples");
        double logDecay = Math.Log(sampling.DecayPerSecond);
        for (int j = 0; j < _open.Length; j++)
        {
            observation.Ongoing(j) = _open[j];
            _durations[j].Describe(now, logDecay, observation.Durations(j));
            _completions[j].Describe(now, logDecay, observation.Completions(j));
        }
        _gaps!.Describe(now, logDecay, observation.InterArrivals);
        if (_capacities is not null)
        {
            DescribeCapacities(Ticks.ToSeconds(now), observation);
        }
        _available.CopyTo(observation.Available);
    }

    private void DescribeCapacities(double now, LoadBalancerObservation observation)
    {
        for (int j = 0; j < _open.Length; j++)
        {
            _capacities!.Settle(j, _open[j], now);
        }
        if (!_capacities!.TryEstimate(observation.Capacities))
        {
            observation.Capacities.Clear();
        }
        for (int j = 0; j < _open.Length; j++)
        {
            observation.Departures[j] = (float)_capacities.Seen(j);
        }
    }

    private void Refresh(long now)
    {
        if (_guards is null)
        {
            return;
        }
        _guards.Refresh(now);
        _guards.InUse.CopyTo(_available);
        _availableCount = _guards.InUse.Count(true);
    }

    /// <summary>
    /// At an arrival: for every open connection the moments at which packets of it passed since the last arrival, and how long it had been
    /// open then.
    /// </summary>
    private void Sample(long now)
    {
        if (_lastArrival >= 0)
        {
            _gaps!.Add(now, (float)Ticks.ToSeconds(now - _lastArrival), _random);
        }
        foreach (FlowTable.Flow flow in _flows!.Flows)
        {
            long since = Math.Max(flow.Opened, _lastArrival);
            for (int packets = _random.NextInt32(PacketChoices); packets > 0; packets--)
            {
                long moment = since + (long)((now - since) * _random.NextDouble()), duration = moment - flow.Opened;
                if (duration > _sampling!.ShortestDuration)
                {
                    _durations[flow.Server].Add(moment, (float)Ticks.ToSeconds(duration), _random);
                }
            }
        }
        _lastArrival = now;
    }
}
