using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Domain.DataCenter.Control;

/// <summary>The five scalars that describe a reservoir of samples, in their order within the features; all in seconds.</summary>
public enum SampleStatistic
{
    Average,
    Percentile90,

    /// <summary>Population standard deviation.</summary>
    Deviation,

    /// <summary>(1/K) Σ f_k v_k with f_k = decay^(age in seconds).</summary>
    DecayedAverage,

    /// <summary>Σ f_k v_k / Σ f_k.</summary>
    WeightedAverage,
}

/// <summary>
/// What one load balancer knows at a moment of control, from the traffic that passed through it: a vector of 11 N + 5 features. Server j
/// has the features 11 j … 11 j + 10: the connections open through this load balancer, five statistics of task durations (times that
/// connections have been open when a packet of theirs passed) and five of task completion times. The last five are of the times between
/// arrivals of connections. Without samples a statistic is 0.
/// </summary>
public sealed class LoadBalancerObservation
{
    public const int Statistics = 5, FeaturesPerServer = 1 + 2 * Statistics;

    private readonly float[] _features, _ownLoads, _totalLoads, _departures;
    private readonly bool[] _available;
    private readonly Capacity[] _capacities;

    public LoadBalancerObservation(LoadBalancerId loadBalancer, int servers)
    {
        LoadBalancer = loadBalancer;
        Servers = servers;
        _features = new float[Length(servers)];
        _ownLoads = new float[servers];
        _totalLoads = new float[servers];
        _available = new bool[servers];
        _capacities = new Capacity[servers];
        _departures = new float[servers];
    }

    public LoadBalancerId LoadBalancer { get; }

    /// <summary>N.</summary>
    public int Servers { get; }

    /// <summary>k, the moment's number within the episode, from 0.</summary>
    public int Moment { get; set; }

    /// <summary>Seconds since the episode's start.</summary>
    public double Time { get; set; }

    /// <summary>All features, length 11 N + 5.</summary>
    public Span<float> Features => _features;

    /// <summary>Servers that the load balancer may use; an unavailable one gets no connection, whatever its weight.</summary>
    public Span<bool> Available => _available;

    /// <summary>Length of the feature vector for so many servers.</summary>
    public static int Length(int servers) => servers * FeaturesPerServer + Statistics;

    /// <summary>q_j, connections to a server that are open through this load balancer.</summary>
    public ref float Ongoing(int server) => ref _features[server * FeaturesPerServer];

    /// <summary>Statistics of the task durations on a server, length 5, in the order of <see cref="SampleStatistic"/>.</summary>
    public Span<float> Durations(int server) => _features.AsSpan(server * FeaturesPerServer + 1, Statistics);

    /// <summary>Statistics of the task completion times on a server.</summary>
    public Span<float> Completions(int server) => _features.AsSpan(server * FeaturesPerServer + 1 + Statistics, Statistics);

    /// <summary>Statistics of the times between arrivals at this load balancer.</summary>
    public Span<float> InterArrivals => _features.AsSpan(Servers * FeaturesPerServer, Statistics);

    /// <summary>τ_j, the decayed average of task durations on a server, which the published rewards are made of; seconds.</summary>
    public float Tau(int server) => Durations(server)[(int)SampleStatistic.DecayedAverage];

    /// <summary>
    /// Capacities of the servers as this load balancer estimates them; zeros where nothing has ended yet, or where none are estimated
    /// (<see cref="LoadBalancers.SamplingOptions.Capacities"/>). Not among the features.
    /// </summary>
    public Span<Capacity> Capacities => _capacities;

    /// <summary>Connections to a server that ended, as far as its capacity's estimate remembers them.</summary>
    public Span<float> Departures => _departures;

    /// <summary>
    /// l_ij, the true time in seconds that server j needs for the work that this load balancer has sent it and that is not done.
    /// No load balancer can know it: for the rewards of ablations, never for decisions.
    /// </summary>
    public Span<float> OwnLoads => _ownLoads;

    /// <summary>l_j = Σ_i l_ij over all load balancers; see <see cref="OwnLoads"/>.</summary>
    public Span<float> TotalLoads => _totalLoads;
}
