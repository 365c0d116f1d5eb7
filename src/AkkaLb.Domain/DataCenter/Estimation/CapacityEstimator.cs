namespace AkkaLb.Domain.DataCenter.Estimation;

/// <summary>How a balancer learns what its servers can do.</summary>
public sealed record EstimationOptions
{
    /// <summary>Departures of a server that count at most; older ones fade. 50 or more.</summary>
    public double Memory { get; init; } = 1000;

    /// <summary>Departures of the average server that stand in for a server of which little is known; above 0.</summary>
    public double Prior { get; init; } = 3;

    /// <summary>
    /// Deviation of the logarithms of the servers' rates that is taken for granted, 0 or more: what sets estimates apart beyond it is
    /// believed as far as it is more than chance.
    /// </summary>
    public double LeastSpread { get; init; } = 0.2;

    /// <summary>Departures over which a change of speed is looked for, 10 or more.</summary>
    public double Recent { get; init; } = 40;

    /// <summary>How much likelier, as a logarithm, a change must be than none before what is older is forgotten.</summary>
    public double Evidence { get; init; } = 8;
}

/// <summary>
/// What one balancer knows of its servers' capacities, from nothing but when requests began and ended. Not safe for several threads at
/// once.
/// </summary>
public sealed class CapacityEstimator
{
    private readonly EstimationOptions _options;
    private readonly List<ServerTrace> _servers = [];
    private readonly OccupancyRecord _all = new(), _blend = new();

    public CapacityEstimator(EstimationOptions options) => _options = options;

    public int Servers => _servers.Count;

    /// <summary>Makes room for servers up to a number.</summary>
    public void Grow(int servers)
    {
        while (_servers.Count < servers)
        {
            _servers.Add(new ServerTrace());
        }
    }

    /// <summary>A request went to a server, or came back from it unanswered.</summary>
    /// <param name="before">Requests in flight there until now.</param>
    /// <param name="now">Seconds.</param>
    public void Change(int server, int before, double now) => _servers[server].Pass(before, now);

    /// <summary>A request was answered.</summary>
    /// <param name="before">Requests in flight there until now, itself included.</param>
    /// <param name="now">Seconds.</param>
    public void Depart(int server, int before, double now)
    {
        ServerTrace trace = _servers[server];
        trace.Pass(before, now);
        trace.Recent.Depart(before);
    }

    /// <summary>Takes in what came since the last call. Returns whether a server is another one than it was.</summary>
    public bool Settle(int server, int inFlight, double now)
    {
        ServerTrace trace = _servers[server];
        trace.Pass(inFlight, now);
        if (trace.Recent.Total < _options.Recent)
        {
            // Silence too is evidence: a server that answers nothing while it holds requests.
            if (trace.Recent.Total > 0 || trace.Known.Total == 0 || !HasChanged(trace))
            {
                return false;
            }
        }
        bool changed = trace.Known.Total >= _options.Recent && HasChanged(trace);
        if (changed)
        {
            trace.Known.Clear();
        }
        trace.Known.Add(trace.Recent, 1);
        trace.Recent.Clear();
        if (trace.Known.Total > _options.Memory)
        {
            trace.Known.Fade(_options.Memory / trace.Known.Total);
        }
        return changed;
    }

    /// <summary>
    /// What all servers can do. One of which little is known does what the average one does, and rates are moved towards their geometric
    /// mean as far as what sets them apart may be chance: weights that follow noise cost more than weights that are a little too even.
    /// Empirical Bayes for normal means, as in Efron and Morris, "Data Analysis Using Stein's Estimator and its Generalizations", JASA
    /// 70(350), 1975; the logarithm of a rate of n departures has variance 1/n.
    /// </summary>
    /// <param name="capacities">By server, as many as there are.</param>
    /// <returns>Whether anything is known: not while no server has answered anything, or all was faster than the clock.</returns>
    public bool TryEstimate(Span<Capacity> capacities)
    {
        _all.Clear();
        foreach (ServerTrace trace in _servers)
        {
            _all.Add(trace.Known, 1);
            _all.Add(trace.Recent, 1);
        }
        if (_all.Total < 1 || !_all.Seconds.ContainsAnyExcept(0))
        {
            return false;
        }
        for (int j = 0; j < capacities.Length; j++)
        {
            _blend.Clear();
            _blend.Add(_servers[j].Known, 1);
            _blend.Add(_servers[j].Recent, 1);
            _blend.Add(_all, _options.Prior / _all.Total);
            capacities[j] = CapacityFit.Fit(_blend);
        }
        Shrink(capacities);
        return true;
    }

    /// <summary>Departures of a server that are remembered.</summary>
    public double Seen(int server) => _servers[server].Known.Total + _servers[server].Recent.Total;

    /// <summary>What is known of a server, for storing it; restored by <see cref="OccupancyRecord.Restore"/>.</summary>
    public OccupancyRecord Known(int server) => _servers[server].Known;

    private void Shrink(Span<Capacity> capacities)
    {
        double mean = 0, variance = 0, chance = 0;
        for (int j = 0; j < capacities.Length; j++)
        {
            mean += Math.Log(capacities[j].Rate) / capacities.Length;
            chance += ChanceOf(j) / capacities.Length;
        }
        foreach (Capacity capacity in capacities)
        {
            variance += Math.Pow(Math.Log(capacity.Rate) - mean, 2) / Math.Max(capacities.Length - 1, 1);
        }
        double spread = Math.Max(variance - chance, _options.LeastSpread * _options.LeastSpread);
        for (int j = 0; j < capacities.Length; j++)
        {
            double apart = Math.Log(capacities[j].Rate) - mean, believed = spread / (spread + ChanceOf(j));
            double rate = Math.Exp(mean + (apart * believed));
            capacities[j] = capacities[j] with { Rate = rate, ServiceSeconds = capacities[j].Slots / rate };
        }
    }

    /// <summary>Variance of the logarithm of a server's rate by chance alone.</summary>
    private double ChanceOf(int server) => 1 / Math.Max(Seen(server), 1);

    /// <summary>
    /// Whether what came lately is likelier of a server whose speed is another one: n departures where m were to be expected have the
    /// log-likelihood ratio n ln(n/m) − n + m of a Poisson count.
    /// </summary>
    private bool HasChanged(ServerTrace trace)
    {
        Capacity known = CapacityFit.Fit(trace.Known);
        double expected = 0, found = trace.Recent.Total;
        for (int q = 1; q <= OccupancyRecord.Levels; q++)
        {
            expected += trace.Recent.Seconds[q] * known.Rate * Math.Min(q / known.Slots, 1);
        }
        double ratio = (found > 0 ? found * Math.Log(found / expected) : 0) - found + expected;
        return ratio > _options.Evidence;
    }

    private sealed class ServerTrace
    {
        private double _since = double.NaN;

        public OccupancyRecord Known { get; } = new();

        public OccupancyRecord Recent { get; } = new();

        public void Pass(int inFlight, double now)
        {
            if (now > _since)
            {
                Recent.Spend(inFlight, now - _since);
            }
            _since = double.IsNaN(_since) ? now : Math.Max(_since, now);
        }
    }
}
