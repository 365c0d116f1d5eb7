using System.Net;
using AkkaLb.Domain;
using AkkaLb.Runtime.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.TestServers;

/// <summary>One address that is listened on by a Kestrel of its own, which can end as if its process were killed.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Listener(WebApplication app, int port) => (_app, Port) = (app, port);

    public int Port { get; }

    /// <param name="port">0: a free one.</param>
    /// <param name="what">Named in errors.</param>
    /// <exception cref="InvalidInputException">The address cannot be listened on.</exception>
    public static async Task<Listener> StartAsync(IPAddress address, int port, string what, RequestDelegate handle)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, port);
        });
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.Run(handle);
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            await app.DisposeAsync();
            throw new InvalidInputException(
                $"{what}: expected an address that is free to listen on, found {address}:{port}: {e.Message}", e);
        }
        string bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new Listener(app, new Uri(bound).Port);
    }

    /// <summary>Nothing is waited for: requests are aborted and connections break.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
