using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Live.Proxy.Balancing;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Model;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>The clusters of a proxy by name. Tells log, figures and journal what the rules above the agents do.</summary>
internal sealed class ClusterRegistry(ILogger<ClusterRegistry> log, ProxyCounts counts) : IClusterChangeListener, IClusterEvents
{
    private readonly ConcurrentDictionary<string, ClusterControl> _clusters = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<ClusterControl> All => _clusters.Values;

    public bool TryGet(string name, [NotNullWhen(true)] out BalancedCluster? cluster)
    {
        cluster = _clusters.GetValueOrDefault(name)?.Cluster;
        return cluster is not null;
    }

    public ClusterControl? Control(string name) => _clusters.GetValueOrDefault(name);

    public void Set(string name, ClusterControl control) => _clusters[name] = control;

    public void Remove(string name) => _clusters.TryRemove(name, out _);

    public void OnClusterAdded(ClusterState cluster) => OnClusterChanged(cluster);

    public void OnClusterChanged(ClusterState cluster)
    {
        if (TryGet(cluster.ClusterId, out BalancedCluster? balanced))
        {
            balanced.Take(cluster.DestinationsState.AllDestinations);
        }
    }

    public void OnClusterRemoved(ClusterState cluster)
    {
        // Its control ends with the configuration that had it.
    }

    public void ServersChanged(BalancedCluster cluster) => Control(cluster.Options.Name)?.ServersChanged();

    public void StateChanged(BalancedCluster cluster, string server, string from, string to, string reason)
    {
        string name = cluster.Options.Name;
        log.ServerSwitched(name, server, from, to, reason);
        counts.Switched(name, to);
        ClusterControl? control = Control(name);
        control?.ServersChanged();
        control?.Record(new LiveBalancerJournal.ServerStateChanged(Now(cluster), server, from, to, reason));
    }

    public void ModeChanged(BalancedCluster cluster, WeightMode from, WeightMode to, string reason)
    {
        string name = cluster.Options.Name;
        log.ModeSwitched(name, Word(from), Word(to), reason);
        counts.Switched(name, Word(to));
        Control(name)?.Record(new LiveBalancerJournal.ModeChanged(Now(cluster), Word(from), Word(to), reason));
    }

    public static string Word(WeightMode mode) => mode switch
    {
        WeightMode.Configured => "configured",
        WeightMode.Learned => "learned",
        WeightMode.Comparison => "comparison",
        _ => "fallback",
    };

    private static long Now(BalancedCluster cluster) => cluster.Clock.TimeOfDay.ToUnixTimeMilliseconds();
}
