using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Admin;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Hosting;
using AkkaLb.Live.Timing;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Serilog;
using Serilog.Core;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;

namespace AkkaLb.Live.Proxy;

/// <summary>A reverse proxy on YARP whose choice of server is one of the simulator's policies, or an agent's.</summary>
public sealed class ProxyServer : IAsyncDisposable
{
    private const string StateKey = $"{ProxyReader.Section}.state";

    private readonly WebApplication _web;
    private readonly ProxyClusters _clusters;
    private readonly ProxyReload _reload;
    private readonly ServiceHost? _host;
    private readonly AdminServer? _admin;
    private readonly Logger _log;
    private readonly ILogger<ProxyServer> _messages;
    private readonly ProxyOptions _options;
    private readonly TimeProvider _time;

    private ProxyServer(
        WebApplication web, ProxyClusters clusters, ProxyReload reload, ServiceHost? host, AdminServer? admin, Logger log,
        ProxyOptions options,
        TimeProvider time)
    {
        (_web, _clusters, _reload, _host, _admin, _log, _options, _time) = (web, clusters, reload, host, admin, log, options, time);
        _messages = web.Services.GetRequiredService<ILogger<ProxyServer>>();
    }

    /// <summary>Where clients connect to, with the ports that were found.</summary>
    public IReadOnlyList<Uri> Addresses => AddressesOf(_web);

    /// <summary>Where it is looked after; null: nowhere.</summary>
    public Uri? AdminAddress => _admin?.Address;

    /// <summary>Starts a proxy; it serves when this has ended.</summary>
    /// <param name="reread">Reads the configuration anew; throws <see cref="InvalidInputException"/>.</param>
    /// <param name="notices">Gets a line for everything that an operator has to know.</param>
    /// <exception cref="InvalidInputException">A file or address cannot be used.</exception>
    /// <exception cref="RunFailedException">The journal cannot be written, or YARP does not take the configuration over.</exception>
    public static Task<ProxyServer> StartAsync(ProxyOptions options, Func<ProxyOptions> reread, TextWriter notices, TimeProvider time) =>
        StartAsync(options, reread, notices, time, Dns.GetHostAddressesAsync);

    /// <param name="lookUp">The addresses of a name.</param>
    internal static async Task<ProxyServer> StartAsync(
        ProxyOptions options, Func<ProxyOptions> reread, TextWriter notices, TimeProvider time,
        Func<string, CancellationToken, Task<IPAddress[]>> lookUp)
    {
        Logger log = ProxyLogging.Create(options.State, notices, $"{options.Source}: '{StateKey}'");
        ServiceHost? host = null;
        WebApplication? web = null;
        try
        {
            web = Build(options, log, time, lookUp, () => host);
            ILogger<ProxyServer> messages = web.Services.GetRequiredService<ILogger<ProxyServer>>();
            ListenerCertificates certificates = web.Services.GetRequiredService<ListenerCertificates>();
            certificates.Read(options);
            host = await ServiceHost.StartAsync(
                options.Resolved, options.Source, options.State, options.Keep, log, messages.JournalFailed, StateKey);
            ProxyClusters clusters = web.Services.GetRequiredService<ProxyClusters>();
            await clusters.ApplyAsync(options);
            await clusters.RecoveredAsync();
            web.Services.GetRequiredService<ProxyCounts>().Watch(web.Services.GetRequiredService<ClusterRegistry>());
            await StartAsync(web, options);
            ProxyReload reload = new(options, clusters, certificates, reread, time, messages);
            AdminServer? admin = options.Admin is { } wanted
                ? await AdminServer.StartAsync(wanted, new ProxyOperations(options.Name, web.Services, clusters, reload, host),
                    options.Source, log)
                : null;
            ProxyServer proxy = new(web, clusters, reload, host, admin, log, options, time);
            foreach (string file in options.Absent)
            {
                messages.IncludeAbsent(options.Source, file);
            }
            foreach (ClusterOptions cluster in options.Clusters.Where(cluster => cluster.Servers.Count == 0))
            {
                messages.NoServers(cluster.Name);
            }
            messages.Started(options.Name, string.Join(", ", proxy.Addresses), admin?.Address.ToString() ?? "none");
            return proxy;
        }
        catch
        {
            if (web is not null)
            {
                await web.Services.GetRequiredService<ProxyClusters>().DisposeAsync();
                await web.DisposeAsync();
            }
            await (host?.DisposeAsync() ?? ValueTask.CompletedTask);
            await log.DisposeAsync();
            throw;
        }
    }

    /// <summary>Readiness fails, then no more connections are taken, requests in flight end, and what agents know is stored.</summary>
    public async ValueTask DisposeAsync()
    {
        _messages.Stopping(_options.Name, _options.Shutdown.TotalSeconds);
        _admin?.Fail();
        await _time.WaitAsync(_options.ShutdownNotice, CancellationToken.None);
        await _reload.DisposeAsync();
        await _web.StopAsync();
        // Before what an operator may be changing.
        await (_admin?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _clusters.DisposeAsync();
        await _web.DisposeAsync();
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _log.DisposeAsync();
    }

    internal static IReadOnlyList<Uri> AddressesOf(WebApplication web) =>
    [
        .. web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address)),
    ];

    /// <exception cref="InvalidInputException">An address cannot be listened on.</exception>
    /// <param name="key">What says where it listens, as the failure says where it cannot.</param>
    internal static async Task StartAsync(WebApplication web, string source, Func<string, string> key)
    {
        try
        {
            await web.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new InvalidInputException($"{source}: '{key(e.Message)}': expected an address that can be listened on: {e.Message}", e);
        }
    }

    private static Task StartAsync(WebApplication web, ProxyOptions options) => StartAsync(web, options.Source, failure =>
    {
        const string Listeners = $"{ProxyReader.Section}.listeners";
        ListenerOptions? its = options.Listeners.Count == 1 ? options.Listeners[0]
            : options.Listeners.FirstOrDefault(listener => failure.Contains($"//{listener.EndPoint}:", StringComparison.Ordinal));
        return its is null ? Listeners : ProxyReader.Key(Listeners, its.Name, "address");
    });

    private static WebApplication Build(
        ProxyOptions options, Logger log, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> lookUp,
        Func<ServiceHost?> host)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => ProxyListeners.Configure(
                kestrel, options, kestrel.ApplicationServices.GetRequiredService<ListenerCertificates>()));
        IServiceCollection services = builder.Services;
        ProxyLogging.AddTo(builder.Logging, log);
        services.AddSingleton<IHostLifetime, CommandLifetime>();
        services.Configure<HostOptions>(hosting => hosting.ShutdownTimeout = options.Shutdown);
        services.AddRoutingCore();
        LiveClock clock = new(time);
        services.AddSingleton(clock).AddSingleton<ProxyCounts>().AddSingleton<ServersByHand>()
            .AddSingleton<ListenerCertificates>();
        services.AddSingleton<ClusterRegistry>().AddSingleton<IClusterChangeListener>(of => of.GetRequiredService<ClusterRegistry>());
        AppliedConfiguration applied = new();
        services.AddSingleton<IConfigChangeListener>(applied);
        services.AddSingleton(of => new ProxyClusters(
            of.GetRequiredService<ClusterRegistry>(), of.GetRequiredService<InMemoryConfigProvider>(),
            applied, new ConfigurationCheck(of.GetRequiredService<IConfigValidator>(), of.GetRequiredService<ParameterPolicyFactory>()),
            of.GetRequiredService<ServersByHand>(),
            new ServerNames(lookUp), clock, host, of.GetRequiredService<ILogger<ProxyClusters>>()));
        services.AddSingleton<IForwarderHttpClientFactory, ProxyClientFactory>();
        services.AddReverseProxy()
            .LoadFromMemory([], [])
            .AddTransforms(transforms => transforms.AddRequestTransform(request =>
            {
                if (request.HttpContext.Features.Get<RequestFeature>()?.Target is { } target)
                {
                    request.ProxyRequest.RequestUri = RequestTarget.At(request.DestinationPrefix, target);
                }
                return ValueTask.CompletedTask;
            }).AddResponseTransform(response =>
            {
                if (response.ProxyResponse is { } answer)
                {
                    // Over HTTP/2 an upgrade is a CONNECT that succeeds.
                    response.HttpContext.Features.Get<RequestFeature>()?.HeaderArrived(
                        answer.StatusCode == HttpStatusCode.SwitchingProtocols
                        || (answer.IsSuccessStatusCode && answer.RequestMessage?.Method == HttpMethod.Connect));
                    ConnectionHeaders.Remove(response.HttpContext.Response.Headers, answer.Headers.Connection);
                }
                if (response.HttpContext.Response.Headers.Trailer.Count > 0 && !response.HttpContext.Response.SupportsTrailers())
                {
                    response.HttpContext.Response.Headers.Remove(HeaderNames.Trailer);
                }
                // A proxy behind this one has numbers of its own.
                if (response.HttpContext.Response.Headers[BalancingMiddleware.RequestHeader] is { Count: > 1 } numbers)
                {
                    response.HttpContext.Response.Headers[BalancingMiddleware.RequestHeader] = numbers[0];
                }
                return ValueTask.CompletedTask;
            }));
        WebApplication web = builder.Build();
        web.Use(RequestTarget.MakePlainAsync);
        web.UseRouting();
        web.MapReverseProxy(pipeline =>
        {
            pipeline.UseMiddleware<AffinityMiddleware>();
            pipeline.UseSessionAffinity();
            pipeline.UseMiddleware<BalancingMiddleware>();
        });
        return web;
    }
}
