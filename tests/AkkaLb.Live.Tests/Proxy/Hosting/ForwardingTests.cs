using System.Net;
using System.Net.WebSockets;
using System.Text;
using AkkaLb.Live.Proxy.Admin;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>What servers and clients get of each other, byte for byte, and how often.</summary>
public class ForwardingTests
{
    // 'café' in UTF-8, as Latin-1 has its bytes, and a lone byte of Latin-1.
    private const string NotAscii = "cafÃ© \xE9";

    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("HEAD", 2)]
    [InlineData("POST", 1)]
    [InlineData("PATCH", 1)]
    public async Task Request_ServerClosesWithoutAnAnswer_IsSentOnceAndOnceMoreWhereItMayBe(string method, int times)
    {
        await using RawBackend backend = new();
        await using RunningProxy proxy = await StartAsync(backend);
        using HttpRequestMessage request = new(new HttpMethod(method), "/");
        using HttpResponseMessage answer = await proxy.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        backend.Heads.Count.ShouldBe(times);
        (await proxy.StatusAsync("raw")).Requests.ShouldBe(times);
    }

    [Fact]
    public async Task Request_Http2ServerClosesWithoutAnAnswer_IsSentOnce()
    {
        await using Backend backend = await Backend.StartAsync("a", HttpProtocols.Http2);
        backend.Handle = context =>
        {
            context.Features.Get<IConnectionLifetimeFeature>()!.Abort();
            return Task.CompletedTask;
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], "forward.version = 2");
        using HttpResponseMessage answer = await proxy.Http.PostAsync("/", null);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        backend.Requests.ShouldBe(1);
    }

    /// <summary>No transfer coding, nothing to wait for; an upgrade has no length at all.</summary>
    [Fact]
    public async Task Request_WithoutABody_SaysSoToTheServer()
    {
        await using RawBackend backend = new(Ok);
        await using RunningProxy proxy = await StartAsync(backend);
        (await RawBackend.AskAsync(proxy.Server.Addresses[0],
            "GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200");
        string head = backend.Heads.Single();
        head.ShouldContain("Content-Length: 0");
        head.ShouldNotContain("Transfer-Encoding");
        head.ShouldNotContain("Expect");

        using ClientWebSocket socket = new();
        await Should.ThrowAsync<WebSocketException>(
            () => socket.ConnectAsync(new UriBuilder(proxy.Server.Addresses[0]) { Scheme = "ws" }.Uri, default));
        backend.Heads[1].ShouldContain("Upgrade: websocket");
        backend.Heads[1].ShouldNotContain("Content-Length");
    }

    [Fact]
    public async Task Headers_NotAscii_ComeThroughAsTheyAre()
    {
        await using RawBackend backend = new($"HTTP/1.1 200 OK\r\nX-Name: {NotAscii}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        await using RunningProxy proxy = await StartAsync(backend);
        string answer = await RawBackend.AskAsync(
            proxy.Server.Addresses[0],
            $"GET / HTTP/1.1\r\nHost: x\r\nX-Name: {NotAscii}\r\nCookie: n={NotAscii}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200 OK");
        answer.ShouldContain($"X-Name: {NotAscii}\r\n");
        backend.Heads.Single().ShouldContain($"X-Name: {NotAscii}{Environment.NewLine}");
        backend.Heads[0].ShouldContain($"Cookie: n={NotAscii}{Environment.NewLine}");
    }

    private static Task<RunningProxy> StartAsync(RawBackend backend, string cluster = "") =>
        RunningProxy.StartAsync([], $"servers.raw.address = \"{backend.Address}\", {cluster}");
}
