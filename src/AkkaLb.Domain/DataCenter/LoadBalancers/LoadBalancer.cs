using AkkaLb.Domain.DataCenter.Control;
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
    private readonly RandomStream _random;
    private readonly SamplingOptions? _sampling;
    private long _lastArrival = -1;
    private int _availableCount;

    /// <param name="sampling">Null to take no samples, where nobody observes.</param>
    /// <param name="random">The stream of the samples.</param>
    public LoadBalancer(LoadBalancerId id, IDispatchPolicy policy, int servers, SamplingOptions? sampling, RandomStream random)
    {
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
        if (_availableCount == 0)
        {
            return false;
        }
        job.Opened = now;
        job.Server = _policy.Choose(job, now);
        _open[job.Server]++;
        _policy.Opened(job.Server);
        if (_flows is not null)
        {
            job.Flow = _flows.Add(job.Server, now);
        }
        return true;
    }

    /// <summary>A connection ends.</summary>
    public void Close(in Job job, long now)
    {
        long duration = now - job.Opened;
        _open[job.Server]--;
        _policy.Closed(job.Server, job is { Rejected: true, TimedOut: false } ? duration + RejectPenalty : duration, now);
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

    public void SetAvailable(ReadOnlySpan<bool> available)
    {
        available.CopyTo(_available);
        _availableCount = available.Count(true);
        if (_availableCount > 0)
        {
            _policy.SetAvailable(available);
        }
    }

    /// <summary>Writes what the load balancer knows now, but for the true loads.</summary>
    /// <exception cref="InvalidOperationException">The load balancer takes no samples.</exception>
    public void Observe(long now, LoadBalancerObservation observation)
    {
        SamplingOptions sampling = _sampling ?? throw new InvalidOperationException("the load balancer takes no samples");
        double logDecay = Math.Log(sampling.DecayPerSecond);
        for (int j = 0; j < _open.Length; j++)
        {
            observation.Ongoing(j) = _open[j];
            _durations[j].Describe(now, logDecay, observation.Durations(j));
            _completions[j].Describe(now, logDecay, observation.Completions(j));
        }
        _gaps!.Describe(now, logDecay, observation.InterArrivals);
        _available.CopyTo(observation.Available);
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
