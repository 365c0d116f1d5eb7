using System.Diagnostics.Metrics;

namespace AkkaLb.Agents.Telemetry;

/// <summary>
/// Every metric of this program with its unit and tags: all names are here, after OpenTelemetry's conventions. They belong to the process,
/// and are recorded per episode, block of events or tick, never per element; nobody listens unless a node or proxy is asked for them.
/// </summary>
/// <remarks>
/// Tags: <c>experiment</c> and <c>method</c> of a run; <c>family</c> network, datacenter, game or live; <c>cluster</c> and <c>server</c> of
/// a proxy; <c>status</c> of a member.
/// </remarks>
public static class Metrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "AkkaLb";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>Tags experiment, method.</summary>
    public static Gauge<double> EpisodePhi { get; } =
        Meter.CreateGauge<double>("akkalb.episode.phi", null, "Φ of the last episode after its last horizon");

    /// <summary>Tags experiment, method.</summary>
    public static Counter<long> Episodes { get; } = Meter.CreateCounter<long>(
        "akkalb.episodes", "{episode}", "Episodes that runs have played");

    public static Counter<long> EpisodesRepeated { get; } = Meter.CreateCounter<long>(
        "akkalb.episodes.repeated", "{episode}", "Episodes played again, as an agent crashed, moved or was silent");

    /// <summary>Tags experiment, method.</summary>
    public static Counter<long> Exchanges { get; } =
        Meter.CreateCounter<long>("akkalb.exchanges", "{message}", "Hidden states sent between agents");

    /// <summary>Tags experiment, method.</summary>
    public static Counter<long> ExchangesPossible { get; } = Meter.CreateCounter<long>(
        "akkalb.exchanges.possible", "{message}", "Hidden states that exchanging in every iteration of every horizon takes");

    /// <summary>Tag family.</summary>
    public static Counter<long> Decisions { get; } = Meter.CreateCounter<long>(
        "akkalb.agent.decisions", "{decision}", "Decisions of agents: a weight of a link, weights of a balancer, a move of a player");

    public static Counter<long> SilentAgents { get; } =
        Meter.CreateCounter<long>("akkalb.agent.silences", "{agent}", "Agents that did not answer for as long as an agent may be silent");

    public static Counter<long> JournalEvents { get; } =
        Meter.CreateCounter<long>("akkalb.journal.events", "{event}", "Events stored");

    public static Histogram<double> JournalPersistDuration { get; } = Meter.CreateHistogram(
        "akkalb.journal.persist.duration", "s", "From handing a block of events over until it is stored", null, Bounds(0.0005, 30));

    public static Counter<long> JournalFailures { get; } =
        Meter.CreateCounter<long>("akkalb.journal.failures", "{block}",
            "Blocks that could not be stored, and agents that could not recover");

    /// <summary>Tags cluster, server, outcome: answered, failed.</summary>
    public static Histogram<double> ProxyRequestDuration { get; } = Meter.CreateHistogram(
        "akkalb.proxy.request.duration", "s", "From the pick of a server until its answer has ended", null, Bounds(0.0005, 60));

    public static Counter<long> ProxyRetries { get; } =
        Meter.CreateCounter<long>(
            "akkalb.proxy.retries", "{request}", "Requests that were sent once more, to another server where there is one");

    public static Counter<long> ProxyQueued { get; } =
        Meter.CreateCounter<long>("akkalb.proxy.queued", "{request}", "Requests that waited for a place");

    /// <summary>Tag reason: full, no server.</summary>
    public static Counter<long> ProxyRefused { get; } = Meter.CreateCounter<long>(
        "akkalb.proxy.refused", "{request}", "Requests answered 503");

    /// <summary>Tags cluster, to.</summary>
    public static Counter<long> ProxySwitches { get; } =
        Meter.CreateCounter<long>("akkalb.proxy.switches", "{switch}", "Changes by rules above the agents");

    /// <summary>Tags cluster, server.</summary>
    public static ObservedMetric ProxyPicks { get; } =
        new("akkalb.proxy.picks", "{request}", "Requests for which a server was picked", IsTotal: true);

    /// <inheritdoc cref="ProxyPicks"/>
    public static ObservedMetric ProxyErrors { get; } = new(
        "akkalb.proxy.errors", "{request}", "Requests that a server failed", IsTotal: true);

    /// <inheritdoc cref="ProxyPicks"/>
    public static ObservedMetric ProxyAbandoned { get; } = new(
        "akkalb.proxy.abandoned", "{request}", "Requests whose clients went away before the answer had ended", IsTotal: true);

    /// <inheritdoc cref="ProxyPicks"/>
    public static ObservedMetric ProxyInFlight { get; } = new("akkalb.proxy.in_flight", "{request}", "Requests under way at a server");

    /// <inheritdoc cref="ProxyPicks"/>
    public static ObservedMetric ProxyWeight { get; } = new(
        "akkalb.proxy.weight", null, "Weight in force of a server, slow start included");

    /// <inheritdoc cref="ProxyPicks"/>
    public static ObservedMetric ProxyInUse { get; } = new("akkalb.proxy.in_use", null, "1 for a server that gets requests, else 0");

    /// <summary>Tag cluster.</summary>
    public static ObservedMetric ProxyFallback { get; } =
        new("akkalb.proxy.fallback", null, "1 while the configured weights stand in for an agent's, else 0");

    /// <summary>Tag cluster; absent where no agent has spoken yet.</summary>
    public static ObservedMetric ProxyAgentSilence { get; } = new("akkalb.proxy.agent.silence", "s", "Since the agent's last word");

    /// <summary>Tag status.</summary>
    public static ObservedMetric ClusterMembers { get; } = new("akkalb.cluster.members", "{member}", "Members that this node knows");

    public static ObservedMetric ClusterUnreachable { get; } =
        new("akkalb.cluster.unreachable", "{member}", "Members that cannot be reached");

    public static ObservedMetric ClusterShards { get; } = new("akkalb.cluster.shards", "{shard}", "Shards on this node");

    public static ObservedMetric ClusterAgents { get; } = new("akkalb.cluster.agents", "{agent}", "Agents on this node");

    public static ObservedMetric NodeReady { get; } = new("akkalb.node.ready", null, "1 while this node may be given work, else 0");

    /// <summary>Counters of what should not happen begin at 0 for whoever has begun to listen: the first time must be seen as a
    /// change.</summary>
    public static void Begin()
    {
        foreach (Counter<long> counter in new[] { EpisodesRepeated, SilentAgents, JournalEvents, JournalFailures, ProxyRetries,
            ProxyQueued })
        {
            counter.Add(0);
        }
        ProxyRefused.Add(0, Tag("reason", "full"));
        ProxyRefused.Add(0, Tag("reason", "no server"));
    }

    /// <summary>A tag of a measurement.</summary>
    public static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);

    /// <summary>Bounds of buckets: 1, 2 and 5 times powers of ten.</summary>
    private static InstrumentAdvice<double> Bounds(double low, double high) => new()
    {
        HistogramBucketBoundaries =
        [
            .. from power in Enumerable.Range(-4, 7)
               from factor in new[] { 1.0, 2, 5 }
               let bound = Math.Round(factor * Math.Pow(10, power), 6)
               where bound >= low && bound <= high
               select bound,
        ],
    };
}

/// <summary>A metric whose values are asked for when somebody collects it.</summary>
/// <param name="Unit">Null: none.</param>
/// <param name="IsTotal">Whether it only ever grows.</param>
public sealed record ObservedMetric(string Name, string? Unit, string Description, bool IsTotal = false)
{
    /// <summary>Adds it to a meter, which is to be named <see cref="Metrics.MeterName"/>.</summary>
    /// <param name="values">Called by any thread.</param>
    public void Observe(Meter meter, Func<IEnumerable<Measurement<double>>> values)
    {
        if (IsTotal)
        {
            meter.CreateObservableCounter(Name, values, Unit, Description);
        }
        else
        {
            meter.CreateObservableGauge(Name, values, Unit, Description);
        }
    }

    /// <inheritdoc cref="Observe(Meter, Func{IEnumerable{Measurement{double}}})"/>
    public void Observe(Meter meter, Func<double> value) => Observe(meter, () => [new Measurement<double>(value())]);
}
