using System.Net.Http;
using AkkaLb.Domain.Randomness;
using AkkaLb.Live.Proxy.Agents;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>
/// Brings what runs to what the configuration says, at the start and whenever that changes. A cluster whose servers alone change goes on as
/// it is; one whose options change begins anew but for what an operator has said, and requests in flight end with the old one.
/// </summary>
internal sealed class ProxyClusters(
    ClusterRegistry registry, InMemoryConfigProvider yarp, ServersByHand byHand, LiveClock clock, Func<ServiceHost?> host,
    ILogger<ProxyClusters> log)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<string, Running> _running = new(StringComparer.OrdinalIgnoreCase);

    // Redirects and cookies of health checks and probes are nobody's business.
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5),
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });

    /// <summary>What holds now; null before the first.</summary>
    public ProxyOptions? Options { get; private set; }

    /// <exception cref="Domain.InvalidInputException">A policy's run cannot be used: what held before goes on.</exception>
    public async Task ApplyAsync(ProxyOptions options)
    {
        await _gate.WaitAsync();
        try
        {
            ClusterOptions[] changed = [.. options.Clusters.Where(cluster => !IsRunning(cluster))];
            foreach (ClusterOptions cluster in changed.Where(cluster => cluster.Policy == PolicyNames.Learned))
            {
                LiveAgent.CheckPolicy(options, cluster);
            }
            foreach (ClusterOptions cluster in changed)
            {
                await ApplyAsync(options, cluster);
            }
            Options = options;
            // Requests find the clusters of the new configuration from here on.
            yarp.Update(YarpConfiguration.Routes(options), YarpConfiguration.Clusters(options, byHand));
            foreach (string gone in _running.Keys.Except(options.Clusters.Select(c => c.Name), StringComparer.OrdinalIgnoreCase).ToArray())
            {
                registry.Remove(gone);
                await EndAsync(gone);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string name in _running.Keys.ToArray())
        {
            await EndAsync(name);
        }
        _client.Dispose();
        _gate.Dispose();
    }

    private async Task ApplyAsync(ProxyOptions proxy, ClusterOptions cluster)
    {
        RandomStream random = new(proxy.Seed, $"proxy/{proxy.Name}/{cluster.Name}/choices");
        BalancedCluster balanced = new(cluster, clock, random, registry, of => new HttpProbes(of, _client));
        // The old agent first: both would write the same journal.
        await EndAsync(cluster.Name);
        if (registry.TryGet(cluster.Name, out BalancedCluster? before))
        {
            balanced.Follow(before);
        }
        ClusterControl control = new(balanced, registry);
        ControlLoops loops = new(control, proxy, host(), _client, registry, log);
        registry.Set(cluster.Name, control);
        _running.Add(cluster.Name, new Running(cluster, loops));
    }

    /// <summary>Whether a cluster runs with these options; its servers may be others.</summary>
    private bool IsRunning(ClusterOptions cluster) =>
        _running.TryGetValue(cluster.Name, out Running? running) && running.Options with { Servers = cluster.Servers } == cluster;

    private async Task EndAsync(string name)
    {
        if (_running.Remove(name, out Running? ended))
        {
            await ended.Loops.DisposeAsync();
        }
    }

    private sealed record Running(ClusterOptions Options, ControlLoops Loops);
}
