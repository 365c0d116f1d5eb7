using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>What a proxy counts, for OpenTelemetry and for its status: all names, units and tags are here.</summary>
internal sealed class ProxyCounts : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "AkkaLb.Live";

    private readonly Meter _meter = new(Meter);
    private readonly ConcurrentDictionary<string, long> _switches = new(StringComparer.Ordinal);
    private readonly Counter<long> _switched;

    public ProxyCounts()
    {
        Retries = _meter.CreateCounter<long>("akkalb.proxy.retries", "{request}", "Requests that were sent to another server once more");
        Queued = _meter.CreateCounter<long>("akkalb.proxy.queued", "{request}", "Requests that waited for a place");
        Refused = _meter.CreateCounter<long>("akkalb.proxy.refused", "{request}", "Requests answered 503; tag reason: full, no server");
        _switched = _meter.CreateCounter<long>("akkalb.proxy.switches", "{switch}", "Changes by rules above the agent; tags cluster, to");
    }

    public Counter<long> Retries { get; }

    public Counter<long> Queued { get; }

    public Counter<long> Refused { get; }

    /// <summary>Switches so far, by what they were to.</summary>
    public IReadOnlyDictionary<string, long> Switches => _switches;

    public void Switched(string cluster, string to)
    {
        _switches.AddOrUpdate($"{cluster}: {to}", 1, (_, count) => count + 1);
        _switched.Add(1, new KeyValuePair<string, object?>("cluster", cluster), new KeyValuePair<string, object?>("to", to));
    }

    public void Dispose() => _meter.Dispose();
}
