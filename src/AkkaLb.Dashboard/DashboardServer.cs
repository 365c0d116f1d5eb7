using System.Net.Sockets;
using AkkaLb.Dashboard.Components;
using AkkaLb.Dashboard.Hosting;
using AkkaLb.Dashboard.Live;
using AkkaLb.Dashboard.Runs;
using AkkaLb.Domain;
using AkkaLb.Runtime.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;

namespace AkkaLb.Dashboard;

/// <summary>
/// The web page of runs, clusters and proxies: a web server on this machine's loopback address. It only reads what runs write down, so that
/// nothing waits for it.
/// </summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly CancellationTokenSource _ends = new();
    private readonly Task _warm;

    private DashboardServer(WebApplication web)
    {
        _web = web;
        // Beside whoever started it, who has an address to tell.
        _warm = Task.Run(() => WarmAsync(_ends.Token));
    }

    /// <summary>Where a browser finds it.</summary>
    public string Address => _web.Urls.First() + "/";

    /// <summary>Starts it; it serves when this has ended.</summary>
    /// <param name="errors">Gets what goes wrong inside, and why, where that is known; by any thread. Null: nobody does.</param>
    /// <exception cref="InvalidInputException">There is nothing to show, or the port is taken.</exception>
    public static async Task<DashboardServer> StartAsync(
        DashboardOptions options, TimeProvider time, Action<string, Exception?>? errors = null, CancellationToken cancellation = default)
    {
        options.Check();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(DashboardServer).Assembly.GetName().Name,
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false)
            .UseUrls($"http://127.0.0.1:{options.Port}");
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        bool serves = false;
        if (errors is not null)
        {
            // That it does not start is thrown.
            ErrorSink sink = new((message, cause) =>
            {
                if (serves)
                {
                    errors(message, cause);
                }
            });
            builder.Logging.AddSerilog(
                new LoggerConfiguration().MinimumLevel.Error().WriteTo.Sink(sink).CreateLogger(), dispose: true);
        }
        AddServices(builder.Services, options, time);
        WebApplication web = builder.Build();
        Map(web);
        try
        {
            await web.StartAsync(cancellation);
            serves = true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await web.DisposeAsync();
            throw new InvalidInputException(
                $"port {options.Port} of 127.0.0.1: expected one that is free, for the dashboard: {e.Message}", e);
        }
        return new DashboardServer(web);
    }

    /// <summary>A run has begun: pages show it from now on.</summary>
    public void Show(string runFolder) => _web.Services.GetRequiredService<RunCatalog>().Add(runFolder);

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _warm;
        _ends.Dispose();
        // Pages that are open would be waited for.
        using CancellationTokenSource atOnce = new();
        await atOnce.CancelAsync();
        await _web.StopAsync(atOnce.Token);
        await _web.DisposeAsync();
    }

    /// <summary>Asks for the first page, which compiles what rendering one takes while the visitor's browser still starts.</summary>
    private async Task WarmAsync(CancellationToken cancellation)
    {
        try
        {
            using HttpClient http = new();
            using HttpResponseMessage page = await http.GetAsync(Address, HttpCompletionOption.ResponseContentRead, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Whoever comes is served all the same.
        }
    }

    private static void AddServices(IServiceCollection services, DashboardOptions options, TimeProvider time)
    {
        services.AddSingleton<IHostLifetime, CommandLifetime>();
        services.AddSingleton(options).AddSingleton(time);
        services.AddSingleton<RunCatalog>().AddSingleton<ProxyControl>().AddSingleton<NodeClient>();
        services.AddHostFiltering(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        // Keys that protect what a page carries live as long as the server, and are written nowhere.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddRoutingCore();
        services.AddRazorComponents().AddInteractiveServerComponents();
    }

    private static void Map(WebApplication web)
    {
        web.Use(SecurityHeaders.AddAsync);
        web.Use(UnexpectedErrors.AnswerAsync);
        web.Use((context, next) =>
        {
            // Whoever asks for the head alone gets that of the page: the server sends no body after it.
            context.Request.Method = HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method;
            return next(context);
        });
        web.UseHostFiltering();
        web.UseWhen(
            context => HttpMethods.IsGet(context.Request.Method),
            // An answer that says nothing: that of an address without a page.
            pages => pages.UseStatusCodePagesWithReExecute("/no-page", createScopeForStatusCodePages: true));
        web.UseRouting();
        web.UseAntiforgery();
        EmbeddedAssets.Map(web);
        RunDownloads.Map(web);
        RunComparison.Map(web);
        ProxyControl.Map(web);
        web.MapRazorComponents<App>().AddInteractiveServerRenderMode(
            // Stricter, and with all else, in our own headers.
            blazor => blazor.ContentSecurityFrameAncestorsPolicy = null);
    }
}
