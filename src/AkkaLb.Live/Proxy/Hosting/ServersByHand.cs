using System.Collections.Concurrent;
using AkkaLb.Live.Proxy.Configuration;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>Servers that the admin API has added and removed beside those of the file. They hold until the proxy ends.</summary>
internal sealed class ServersByHand
{
    private readonly ConcurrentDictionary<(string Cluster, string Server), ServerOptions?> _changes = new();

    /// <param name="to">Null: it is removed.</param>
    /// <returns>Takes it back.</returns>
    public Action Change(string cluster, string server, ServerOptions? to)
    {
        bool wasChanged = _changes.TryGetValue((cluster, server), out ServerOptions? before);
        _changes[(cluster, server)] = to;
        return () =>
        {
            if (wasChanged)
            {
                _changes[(cluster, server)] = before;
            }
            else
            {
                _changes.TryRemove((cluster, server), out _);
            }
        };
    }

    /// <summary>All servers of a cluster.</summary>
    public IEnumerable<ServerOptions> Of(ClusterOptions cluster) =>
        cluster.Servers.Where(server => !_changes.ContainsKey((cluster.Name, server.Name)))
            .Concat(_changes.Where(change => change.Key.Cluster == cluster.Name && change.Value is not null).Select(change => change.Value!)
                .OrderBy(server => server.Name, StringComparer.Ordinal));
}
