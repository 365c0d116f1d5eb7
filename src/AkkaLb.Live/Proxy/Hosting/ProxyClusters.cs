using System.Net.Http;
using AkkaLb.Domain;
using AkkaLb.Domain.Randomness;
using AkkaLb.Live.Proxy.Agents;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>
/// Brings what runs to what the configuration says, at the start and whenever that changes. A cluster whose servers alone change goes on as
/// it is; one whose options change begins anew but for what an operator has said, and requests in flight end with the old one.
/// </summary>
internal sealed class ProxyClusters(
    ClusterRegistry registry, InMemoryConfigProvider yarp, AppliedConfiguration applied, IConfigValidator validator, ServersByHand byHand,
    ServerNames names, LiveClock clock, Func<ServiceHost?> host, ILogger<ProxyClusters> log)
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

    /// <summary>Requests find routes, clusters and servers of a configuration when this has ended.</summary>
    /// <exception cref="InvalidInputException">
    /// A policy's run, a name or a route cannot be used: what held before goes on.
    /// </exception>
    /// <exception cref="RunFailedException">YARP does not take it over for another reason.</exception>
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
            await LearnNamesAsync(options);
            await CheckAsync(options);
            foreach (ClusterOptions cluster in changed)
            {
                await ApplyAsync(options, cluster);
            }
            Options = options;
            names.Keep(Named(options).SelectMany(byHand.Of));
            HandOver(options);
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
        balanced.Expect(Servers(cluster).Select(server => server.Name));
        if (registry.TryGet(cluster.Name, out BalancedCluster? before))
        {
            balanced.Follow(before);
        }
        ClusterControl control = new(balanced, registry);
        ControlLoops loops = new(control, proxy, host(), _client, registry, stop => RefreshNamesAsync(cluster.Name, stop), log);
        registry.Set(cluster.Name, control);
        _running.Add(cluster.Name, new Running(cluster, loops));
    }

    private static IEnumerable<ClusterOptions> Named(ProxyOptions options) =>
        options.Clusters.Where(cluster => cluster.Dns > TimeSpan.Zero);

    private async Task LearnNamesAsync(ProxyOptions options)
    {
        foreach (ClusterOptions cluster in Named(options))
        {
            await names.LearnAsync(byHand.Of(cluster), server => cluster.Servers.Contains(server)
                ? $"{options.Source}: '{ProxyReader.AddressKey(cluster.Name, server.Name)}'"
                : $"address of {server.Name}");
        }
    }

    /// <summary>YARP takes nothing of a configuration over of which it does not take all, and says so in its log alone.</summary>
    private async Task CheckAsync(ProxyOptions options)
    {
        foreach (RouteConfig route in YarpConfiguration.Routes(options))
        {
            Check($"routes.{route.RouteId}", await validator.ValidateRouteAsync(route));
        }
        foreach (ClusterConfig cluster in Clusters(options))
        {
            Check($"clusters.{cluster.ClusterId}", await validator.ValidateClusterAsync(cluster));
        }

        void Check(string section, IList<Exception> problems)
        {
            if (problems.Count > 0)
            {
                throw new InvalidInputException($"{options.Source}: '{ProxyReader.Section}.{section}': {problems[0].Message}", problems[0]);
            }
        }
    }

    private IReadOnlyList<ClusterConfig> Clusters(ProxyOptions options) =>
        [.. options.Clusters.Select(cluster => YarpConfiguration.Cluster(cluster, Servers(cluster)))];

    /// <summary>In the order of the file, those of a name in that of their addresses.</summary>
    private IEnumerable<ServerOptions> Servers(ClusterOptions cluster) =>
        cluster.Dns > TimeSpan.Zero ? byHand.Of(cluster).SelectMany(names.AddressesOf) : byHand.Of(cluster);

    /// <summary>YARP has it when this has ended, as nothing in it is left to ask for.</summary>
    private void HandOver(ProxyOptions options)
    {
        foreach (ClusterOptions cluster in options.Clusters)
        {
            if (registry.TryGet(cluster.Name, out BalancedCluster? balanced))
            {
                balanced.Expect(Servers(cluster).Select(server => server.Name));
            }
        }
        yarp.Update(YarpConfiguration.Routes(options), Clusters(options));
        if (applied.Failure is { } failure)
        {
            string reason = (failure as AggregateException)?.InnerExceptions[0].Message ?? failure.Message;
            throw new RunFailedException($"{options.Source}: not taken over by YARP: {reason.ReplaceLineEndings(" ")}", failure);
        }
    }

    /// <exception cref="IOException">A name cannot be resolved now: its addresses stay.</exception>
    private async Task RefreshNamesAsync(string name, CancellationToken stop)
    {
        if (Options?.Clusters.FirstOrDefault(cluster => cluster.Name == name) is not { } cluster)
        {
            return;
        }
        (bool changed, string? problem) = await names.RefreshAsync(byHand.Of(cluster), stop);
        if (changed)
        {
            await _gate.WaitAsync(stop);
            try
            {
                HandOver(Options);
            }
            finally
            {
                _gate.Release();
            }
        }
        if (problem is not null)
        {
            throw new IOException(problem);
        }
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
