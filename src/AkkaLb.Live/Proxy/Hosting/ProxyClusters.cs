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
/// it is; one whose options change has another policy, control and agent, before the servers as they are known and counted.
/// </summary>
internal sealed class ProxyClusters(
    ClusterRegistry registry, InMemoryConfigProvider yarp, AppliedConfiguration applied, ConfigurationCheck check, ServersByHand byHand,
    ServerNames names, LiveClock clock, Func<ServiceHost?> host, ILogger<ProxyClusters> log)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<string, Running> _running = new(StringComparer.OrdinalIgnoreCase);

    private readonly HttpMessageInvoker _verifying = Client(verify: true), _trusting = Client(verify: false);

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
            await TakeAsync(options);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes by hand what the servers are beside those of the file.</summary>
    /// <param name="change">Makes the change to what holds when its turn comes, and returns what takes it back.</param>
    /// <inheritdoc cref="ApplyAsync"/>
    public async Task ChangeAsync(Func<Action> change)
    {
        await _gate.WaitAsync();
        try
        {
            Action undo = change();
            try
            {
                // What holds now, and not what held before somebody else's change that this one has waited for.
                await TakeAsync(Options!);
            }
            catch
            {
                undo();
                throw;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends when the agents have read their journals, and what they remember holds, or when one takes too long.</summary>
    public Task RecoveredAsync() => Task.WhenAll(_running.Values.Select(running => running.Loops.RecoveredAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (string name in _running.Keys.ToArray())
        {
            await EndAsync(name);
        }
        _verifying.Dispose();
        _trusting.Dispose();
        _gate.Dispose();
    }

    private async Task TakeAsync(ProxyOptions options)
    {
        foreach (ClusterOptions cluster in options.Clusters.Where(c => c.Policy == PolicyNames.Learned && !IsRunning(c)))
        {
            LiveAgent.CheckPolicy(options, cluster);
        }
        CheckServers(options);
        await LearnNamesAsync(options);
        await check.CheckAsync(options.Source, YarpConfiguration.Routes(options), Clusters(options));
        ProxyOptions? before = Options;
        try
        {
            await SwitchAsync(options);
        }
        catch (RunFailedException) when (before is not null)
        {
            await SwitchAsync(before);
            throw;
        }
        names.Keep(Named(options).SelectMany(byHand.Of));
    }

    /// <exception cref="RunFailedException">YARP does not take it over.</exception>
    private async Task SwitchAsync(ProxyOptions options)
    {
        foreach (ClusterOptions cluster in options.Clusters.Where(cluster => !IsRunning(cluster)))
        {
            await BeginAsync(options, cluster);
        }
        Options = options;
        HandOver(options);
        foreach (string gone in _running.Keys.Except(options.Clusters.Select(c => c.Name), StringComparer.OrdinalIgnoreCase).ToArray())
        {
            registry.Remove(gone);
            await EndAsync(gone);
        }
    }

    private async Task BeginAsync(ProxyOptions proxy, ClusterOptions cluster)
    {
        RandomStream random = new(proxy.Seed, $"proxy/{proxy.Name}/{cluster.Name}/choices");
        HttpMessageInvoker client = cluster.Forward.Verify ? _verifying : _trusting;
        // The old agent first: both would write the same journal.
        await EndAsync(cluster.Name);
        if (registry.TryGet(cluster.Name, out BalancedCluster? balanced))
        {
            balanced.Change(cluster, random, Probes);
        }
        else
        {
            balanced = new BalancedCluster(cluster, clock, random, registry, Probes);
        }
        balanced.Expect(Servers(cluster).Select(server => server.Name));
        ClusterControl control = new(balanced, registry);
        ControlLoops loops = new(control, proxy, host(), client, registry, stop => RefreshNamesAsync(cluster.Name, stop), log);
        registry.Set(cluster.Name, control);
        _running.Add(cluster.Name, new Running(cluster, loops));

        HttpProbes Probes(BalancedCluster of) => new(of, client);
    }

    /// <summary>A file that is being written is no reason to answer 503; a server that an operator removes is.</summary>
    private void CheckServers(ProxyOptions options)
    {
        foreach (ClusterOptions cluster in options.Clusters.Where(cluster => !byHand.Of(cluster).Any()))
        {
            if (!ReferenceEquals(options, Options) && Options?.Clusters.FirstOrDefault(before => before.Name == cluster.Name) is { } before
                && byHand.Of(before).Any())
            {
                string key = $"{ProxyReader.Key($"{ProxyReader.Section}.clusters", cluster.Name)}.servers";
                throw new InvalidInputException(
                    $"{options.Source}: '{key}': nothing in it, expected a server, as the cluster has some: "
                    + "to do without, take out the cluster, or each with 'akkalb proxy remove'");
            }
        }
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

    /// <summary>For health checks and probes, whose redirects and cookies are nobody's business.</summary>
    private static HttpMessageInvoker Client(bool verify)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        if (!verify)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }
        return new HttpMessageInvoker(handler);
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
