using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaLb.Agents.Telemetry;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Guards;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>What a proxy counts for its status, and what it is asked for as <see cref="Metrics"/>.</summary>
internal sealed class ProxyCounts : IDisposable
{
    private readonly Meter _meter = new(Metrics.MeterName);
    private readonly ConcurrentDictionary<string, long> _switches = new(StringComparer.Ordinal);

    /// <summary>Switches so far, by what they were to.</summary>
    public IReadOnlyDictionary<string, long> Switches => _switches;

    public void Switched(string cluster, string to)
    {
        _switches.AddOrUpdate($"{cluster}: {to}", 1, (_, count) => count + 1);
        Metrics.ProxySwitches.Add(1, Metrics.Tag("cluster", cluster), Metrics.Tag("to", to));
    }

    /// <summary>From now on the clusters are looked at whenever somebody collects.</summary>
    public void Watch(ClusterRegistry clusters)
    {
        Metrics.ProxyPicks.Observe(_meter, () => OfServers(server => server.Picks));
        Metrics.ProxyErrors.Observe(_meter, () => OfServers(server => server.Failures));
        Metrics.ProxyAbandoned.Observe(_meter, () => OfServers(server => server.Abandoned));
        Metrics.ProxyInFlight.Observe(_meter, () => OfServers(server => server.InFlight));
        Metrics.ProxyWeight.Observe(_meter, () => OfServers(server => server.Weight));
        Metrics.ProxyInUse.Observe(_meter, () => OfServers(server => server.IsInUse ? 1 : 0));
        Metrics.ProxyFallback.Observe(_meter, () => clusters.All.Where(control => control.Cluster.IsLearned)
            .Select(control => Of(control, control.Mode == WeightMode.Fallback ? 1 : 0)));
        Metrics.ProxyAgentSilence.Observe(_meter, () => clusters.All
            .Where(control => control.Cluster.IsLearned && control.Cluster.Plane.LastWord != WeightPlane.Never)
            .Select(control => Of(control, Ticks.ToSeconds(control.Cluster.Clock.Now - control.Cluster.Plane.LastWord))));

        List<Measurement<double>> OfServers(Func<ServerSlot, double> value)
        {
            List<Measurement<double>> values = [];
            foreach (ClusterControl control in clusters.All)
            {
                KeyValuePair<string, object?> cluster = Metrics.Tag("cluster", control.Cluster.Options.Name);
                control.Cluster.WithServers(all =>
                {
                    foreach (ServerSlot server in all.Present)
                    {
                        values.Add(new Measurement<double>(value(server), cluster, Metrics.Tag("server", server.Name)));
                    }
                    return false;
                });
            }
            return values;
        }
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<double> Of(ClusterControl control, double value) =>
        new(value, Metrics.Tag("cluster", control.Cluster.Options.Name));
}
