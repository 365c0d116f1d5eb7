using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Hosting;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaLb.Live.Proxy.Admin;

/// <summary>The admin API: JSON over HTTP, on an address of its own. Where a token is set, all but health asks for it.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    /// <summary>The documents of the API and of <c>--json</c>.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // What lacks a value is no document of this API.
        RespectRequiredConstructorParameters = true,
    };

    private static readonly string[] Live = ["/live", "/health/live"], Ready = ["/ready", "/health/ready"];

    private readonly WebApplication _web;
    private volatile bool _failing;

    private AdminServer(WebApplication web) => _web = web;

    public Uri Address => ProxyServer.AddressesOf(_web)[0];

    /// <exception cref="InvalidInputException">The address cannot be listened on.</exception>
    public static async Task<AdminServer> StartAsync(AdminOptions options, ProxyOperations operations, string source, Serilog.ILogger log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.EndPoint);
        });
        ProxyLogging.AddTo(builder.Logging, log);
        builder.Services.AddRoutingCore();
        // What ASP.NET Core measures of every request would be paid by the proxied ones too.
        TelemetryExport.Add(builder, "akkalb-proxy", ownRequests: false);
        builder.Services.AddSingleton<Microsoft.Extensions.Hosting.IHostLifetime, CommandLifetime>();
        WebApplication web = builder.Build();
        AdminServer admin = new(web);
        web.Use((context, next) => IsAllowed(context, options.Token) ? GuardAsync(context, next) : RefuseAsync(context, options.Token));
        admin.Map(operations);
        await ProxyServer.StartAsync(web, source, _ => $"{ProxyReader.Section}.admin.address");
        return admin;
    }

    /// <summary>Readiness fails from now on.</summary>
    public void Fail() => _failing = true;

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
    }

    private void Map(ProxyOperations operations)
    {
        IEndpointRouteBuilder routes = _web;
        foreach (string path in Live)
        {
            routes.MapGet(path, context => WriteAsync(context, new AdminAnswer(null)));
        }
        foreach (string path in Ready)
        {
            routes.MapGet(path, context =>
            {
                string? problem = _failing ? "the proxy ends" : operations.Unready;
                context.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                return WriteAsync(context, new AdminAnswer(problem));
            });
        }
        TelemetryExport.Map(routes);
        routes.MapGet("/status", context => WriteAsync(context, operations.Status()));
        routes.MapGet("/why", context => WriteAsync(context, operations.Explain(Query(context, "request"))));
        routes.MapPost("/drain", context => WriteAsync(
            context, new AdminAnswer(null, operations.Drain(Cluster(context), Query(context, "server")))));
        routes.MapPost("/enable", context => WriteAsync(
            context, new AdminAnswer(null, operations.Enable(Cluster(context), Query(context, "server")))));
        routes.MapPost("/weight", context =>
        {
            operations.SetWeight(Cluster(context), Query(context, "server"), Number(context, "weight"));
            return WriteAsync(context, new AdminAnswer(null));
        });
        routes.MapPost("/servers", async context =>
        {
            double weight = context.Request.Query.ContainsKey("weight") ? Number(context, "weight") : 1;
            await operations.AddAsync(Cluster(context), Query(context, "server"), Query(context, "address"), weight);
            await WriteAsync(context, new AdminAnswer(null));
        });
        routes.MapDelete("/servers", async context =>
        {
            await operations.RemoveAsync(Cluster(context), Query(context, "server"));
            await WriteAsync(context, new AdminAnswer(null));
        });
        routes.MapPost("/reload", async context =>
        {
            string? problem = await operations.ReloadAsync();
            context.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
            await WriteAsync(context, new AdminAnswer(problem));
        });
    }

    /// <summary>Turns bad input into an answer.</summary>
    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (InvalidInputException e)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(context, new AdminAnswer(e.Message));
        }
        catch (RunFailedException e)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await WriteAsync(context, new AdminAnswer(e.Message));
        }
    }

    private static bool IsAllowed(HttpContext context, string token)
    {
        if (Live.Concat(Ready).Contains(context.Request.Path.Value))
        {
            return true;
        }
        if (token.Length == 0)
        {
            // A browser names the page that asks: none of them is to drain servers, though it runs on this machine. What a page reads of
            // its own address it asks for without, so that this machine is to be known by no name that others give it.
            string host = context.Request.Host.Host;
            return context.Request.Headers.Origin.Count == 0
                && (IPAddress.TryParse(host, out _) || host.Equals("localhost", StringComparison.OrdinalIgnoreCase));
        }
        return BearerToken.IsRight(BearerToken.Of(context.Request), token);
    }

    private static Task RefuseAsync(HttpContext context, string token)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return WriteAsync(context, new AdminAnswer(token.Length > 0
            ? "expected the admin token, as 'Authorization: Bearer TOKEN'"
            : $"'{ProxyReader.Section}.admin.token' is '': expected an IP address or localhost as the host, and no page of a browser"));
    }

    private static string? Cluster(HttpContext context) => context.Request.Query["cluster"] is [{ Length: > 0 } cluster] ? cluster : null;

    private static string Query(HttpContext context, string key) => context.Request.Query[key] is [{ Length: > 0 } value]
        ? value
        : throw new InvalidInputException($"expected the parameter '{key}'");

    private static double Number(HttpContext context, string key) =>
        double.TryParse(Query(context, key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new InvalidInputException($"{key}: expected a number, found '{Query(context, key)}'");

    private static Task WriteAsync<T>(HttpContext context, T document)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, document, Json, context.RequestAborted);
    }
}
