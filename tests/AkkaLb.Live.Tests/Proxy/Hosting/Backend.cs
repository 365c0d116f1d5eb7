using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>A server behind the proxy, in this process, on a free port.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _web;
    private int _requests;

    private Backend(WebApplication web, string name) => (_web, Name) = (web, name);

    public string Name { get; }

    public Uri Address { get; private set; } = null!;

    /// <summary>Answers; by default with its name.</summary>
    public RequestDelegate Handle { get; set; } = null!;

    public int Requests => _requests;

    public static async Task<Backend> StartAsync(
        string name, HttpProtocols protocols = HttpProtocols.Http1, int port = 0, IPAddress? address = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(
            kestrel => kestrel.Listen(address ?? IPAddress.Loopback, port, listen => listen.Protocols = protocols));
        WebApplication web = builder.Build();
        Backend backend = new(web, name);
        backend.Handle = context => context.Response.WriteAsync(name);
        web.UseWebSockets();
        web.Run(context =>
        {
            Interlocked.Increment(ref backend._requests);
            return backend.Handle(context);
        });
        await web.StartAsync();
        backend.Address = new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return backend;
    }

    /// <summary>A server that takes one request at a time, and a while for it.</summary>
    public static async Task<Backend> StartSlowAsync(TimeSpan time)
    {
        Backend slow = await StartAsync("slow");
        SemaphoreSlim one = new(1);
        slow.Handle = async context =>
        {
            await one.WaitAsync();
            try
            {
                using CancellationTokenSource over = new(time, TimeProvider.System);
                TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await using CancellationTokenRegistration registration = over.Token.Register(done.SetResult);
                await done.Task;
                await context.Response.WriteAsync("slow");
            }
            finally
            {
                one.Release();
            }
        };
        return slow;
    }

    /// <summary>Sends back what comes until the other side closes.</summary>
    public static async Task EchoAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[256];
        while (true)
        {
            WebSocketReceiveResult got = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (got.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return;
            }
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, CancellationToken.None);
        }
    }

    /// <summary>Requests break, as if the process were killed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync(new CancellationToken(canceled: true));
        await _web.DisposeAsync();
    }
}
