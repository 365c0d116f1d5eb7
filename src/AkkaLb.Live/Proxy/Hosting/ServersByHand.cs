using System.Collections.Concurrent;
using AkkaLb.Live.Proxy.Configuration;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>Servers that the admin API has added and removed beside those of the file. They hold until the proxy ends.</summary>
internal sealed class ServersByHand
{
    private readonly ConcurrentDictionary<(string Cluster, string Server), ServerOptions?> _changes = new();

    public void Add(string cluster, ServerOptions server) => _changes[(cluster, server.Name)] = server;

    public void Remove(string cluster, string server) => _changes[(cluster, server)] = null;

    /// <summary>All servers of a cluster.</summary>
    public IEnumerable<ServerOptions> Of(ClusterOptions cluster) =>
        cluster.Servers.Where(server => !_changes.ContainsKey((cluster.Name, server.Name)))
            .Concat(_changes.Where(change => change.Key.Cluster == cluster.Name && change.Value is not null).Select(change => change.Value!)
                .OrderBy(server => server.Name, StringComparer.Ordinal));
}
