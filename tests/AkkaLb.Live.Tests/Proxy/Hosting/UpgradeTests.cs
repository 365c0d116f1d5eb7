using System.Collections.Concurrent;
using System.Net.WebSockets;
using AkkaLb.Live.Proxy.Admin;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>Connections that become the client's and the server's, and requests that only offer it.</summary>
public class UpgradeTests
{
    /// <summary>Connections that were used before make .NET send again.</summary>
    [Theory]
    [InlineData("GET", "Connection: Upgrade\r\nUpgrade: websocket")]
    [InlineData("GET", "Connection: Upgrade\r\nUpgrade: SPDY/3.1")]
    [InlineData("GET", "Upgrade: websocket")]
    [InlineData("POST", "Connection: Upgrade\r\nUpgrade: websocket")]
    [InlineData("PATCH", "Upgrade: websocket")]
    public async Task Upgrade_ServerClosesWithoutAnAnswer_IsSentOnceAsWhatItIs(string method, string headers)
    {
        TaskCompletionSource together = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ConcurrentQueue<string> dropped = [];
        int arrived = 0;
        await using RawBackend backend = new(async head =>
        {
            if (head.Contains(" /drop ", StringComparison.Ordinal))
            {
                dropped.Enqueue(head.Split(' ')[0]);
                return "";
            }
            if (Interlocked.Increment(ref arrived) == 5)
            {
                together.SetResult();
            }
            await together.Task;
            return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        });
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend, "retries.most = 0");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => proxy.GetAsync()));
        await RawBackend.AskAsync(
            proxy.Server.Addresses[0], $"{method} /drop HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n", "HTTP/1.1 502 ");
        dropped.ShouldBe([method]);
    }

    /// <summary>Whoever asks could hide a request from metrics and agent.</summary>
    [Theory]
    [InlineData("Upgrade: websocket")]
    [InlineData("Upgrade: websocket\r\nConnection: Upgrade")]
    public async Task Upgrade_ThatIsNone_IsARequestAsAnyOther(string headers)
    {
        await using RawBackend backend = new(RawBackend.Ok);
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend);
        await RawBackend.AskAsync(proxy.Server.Addresses[0], $"GET / HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n", "HTTP/1.1 200 ");
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("raw")).P50 is not null);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2")]
    public async Task Upgrade_ThatIsOne_SaysNothingOfTheServersSpeed(string version)
    {
        // Metrics are the whole process's.
        string name = $"upgraded-{version[0]}";
        await using Backend backend = await Backend.StartAsync(name, version == "2" ? HttpProtocols.Http2 : HttpProtocols.Http1);
        backend.Handle = context => context.Request.Path == "/socket" ? Backend.EchoAsync(context) : context.Response.WriteAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], $"forward.version = \"{version}\"");
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new UriBuilder(proxy.Server.Addresses[0]) { Scheme = "ws", Path = "/socket" }.Uri, default);
        (await proxy.StatusAsync(name)).InFlight.ShouldBe(1);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await Until.HoldsAsync(async () => (await proxy.StatusAsync(name)).InFlight == 0);
        // What passes is counted in its order.
        await proxy.GetAsync();
        await Until.HoldsAsync(async () => (await proxy.StatusAsync(name)).P50 is not null);
        using HttpClient admin = new() { BaseAddress = proxy.Server.AdminAddress };
        string[] counts =
        [
            .. (await admin.GetStringAsync("/metrics")).Split('\n').Where(line => line.Contains($"\"{name}\"", StringComparison.Ordinal)
                && line.StartsWith("akkalb_proxy_request_duration_seconds_count", StringComparison.Ordinal)),
        ];
        counts.Single().Split(' ')[1].ShouldBe("1");
    }

    /// <summary>That nobody says anything says nothing of the server.</summary>
    [Fact]
    public async Task WebSocket_IdleForTooLong_IsNoFailureOfTheServer()
    {
        await using Backend backend = await Backend.StartAsync("a");
        backend.Handle = Backend.EchoAsync;
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], "forward.timeout = 50ms, ejection.consecutive = 1");
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new UriBuilder(proxy.Server.Addresses[0]) { Scheme = "ws" }.Uri, default);
        await Should.ThrowAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[16], default));
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("a")).InFlight == 0);
        ServerStatus server = await proxy.StatusAsync("a");
        (server.State, server.Failed, server.Abandoned).ShouldBe(("in use", 0, 1));
    }
}
