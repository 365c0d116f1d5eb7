using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using AkkaLb.Live.Proxy.Admin;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>What servers and clients get of each other, byte for byte, and how often.</summary>
public class ForwardingTests
{
    // 'café' in UTF-8, as Latin-1 has its bytes, and a lone byte of Latin-1.
    private const string NotAscii = "cafÃ© \xE9";

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("HEAD", 2)]
    [InlineData("POST", 1)]
    [InlineData("PATCH", 1)]
    public async Task Request_ServerClosesWithoutAnAnswer_IsSentOnceAndOnceMoreWhereItMayBe(string method, int times)
    {
        await using RawBackend backend = new();
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend);
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
        await using RawBackend backend = new(RawBackend.Ok);
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend);
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
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend);
        string answer = await RawBackend.AskAsync(
            proxy.Server.Addresses[0],
            $"GET / HTTP/1.1\r\nHost: x\r\nX-Name: {NotAscii}\r\nCookie: n={NotAscii}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200 OK");
        answer.ShouldContain($"X-Name: {NotAscii}\r\n");
        backend.Heads.Single().ShouldContain($"X-Name: {NotAscii}{Environment.NewLine}");
        backend.Heads[0].ShouldContain($"Cookie: n={NotAscii}{Environment.NewLine}");
    }

    [Fact]
    public async Task Headers_MoreThanAHundred_AreLimitedByTheirSizeAlone()
    {
        await using RawBackend backend = new(RawBackend.Ok);
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend);
        string headers = string.Concat(Enumerable.Range(0, 500).Select(n => $"X-{n}: {n}\r\n"));
        (await RawBackend.AskAsync(proxy.Server.Addresses[0], $"GET / HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n"))
            .ShouldStartWith("HTTP/1.1 200 ");
        backend.Heads.Single().ShouldContain("X-499: 499");
    }

    /// <summary>It announces what is not passed on.</summary>
    [Fact]
    public async Task Trailer_OfHttp1_IsNotPassedOn()
    {
        await using RawBackend backend = new(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\nConnection: close\r\n\r\n2\r\nok\r\n0\r\nX-End: 1\r\n\r\n");
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend);
        string answer = await RawBackend.AskAsync(
            proxy.Server.Addresses[0], "GET / HTTP/1.1\r\nHost: x\r\nTrailer: X-End\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200 ");
        answer.ShouldNotContain("Trailer");
        backend.Heads.Single().ShouldNotContain("Trailer");
    }

    [Theory]
    [InlineData("gzip, chunked", "501")]
    [InlineData("gzip\r\nTransfer-Encoding: chunked", "501")]
    [InlineData("CHUNKED", "200")]
    public async Task TransferCoding_OtherThanChunked_Is501(string codings, string status)
    {
        await using RawBackend backend = new(RawBackend.Ok);
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend);
        (await RawBackend.AskAsync(
            proxy.Server.Addresses[0],
            $"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {codings}\r\nConnection: close\r\n\r\n0\r\n\r\n"))
            .ShouldStartWith($"HTTP/1.1 {status} ");
    }

    /// <summary>A header that no client may get, a status line that is none: asked for again it would be answered the same.</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-Name: a\u0001b\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH\r\n")]
    public async Task Answer_ThatCannotBePassedOn_Is502AndNotAskedForAgain(string bytes)
    {
        await using RawBackend backend = new(bytes);
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend);
        using HttpResponseMessage answer = await proxy.Http.GetAsync("/");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        backend.Heads.Count.ShouldBe(1);
        ServerStatus server = await proxy.StatusAsync("raw");
        (server.Requests, server.Failed).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Request_ThatCannotBePassedOn_Is400AndNoFailureOfTheServer()
    {
        await using RawBackend backend = new(RawBackend.Ok);
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend, "ejection.consecutive = 1");
        (await RawBackend.AskAsync(proxy.Server.Addresses[0], "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\nConnection: close\r\n\r\n"))
            .ShouldStartWith("HTTP/1.1 400 ");
        ServerStatus server = await proxy.StatusAsync("raw");
        (server.State, server.Requests, server.Failed, server.Abandoned).ShouldBe(("in use", 1, 0, 1));
    }

    /// <summary>Those that every proxy needs, or that are of whom they reach, stay whoever names them.</summary>
    [Fact]
    public async Task Headers_NamedByConnection_AreNotPassedOn()
    {
        await using RawBackend backend = new(
            "HTTP/1.1 200 OK\r\nConnection: close, X-Hop, Content-Length, x-akkalb-request\r\nX-Hop: 1\r\nX-End: 1\r\n"
            + "Content-Length: 2\r\n\r\nok");
        await using RunningProxy proxy = await RunningProxy.StartAsync(backend);
        string answer = await RawBackend.AskAsync(
            proxy.Server.Addresses[0],
            "POST / HTTP/1.0\r\nHost: x\r\nConnection: x-hop, Content-Length, X-Forwarded-For\r\nX-Hop: 1\r\nX-End: 1\r\n"
            + "Content-Length: 0\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldNotContain("X-Hop");
        answer.ShouldContain("X-End: 1");
        answer.ShouldContain("Content-Length: 2");
        answer.ShouldContain("x-akkalb-request: ");
        string head = backend.Heads.Single();
        head.ShouldNotContain("X-Hop", Case.Insensitive);
        head.ShouldContain("X-End: 1");
        head.ShouldContain("Content-Length: 0");
        head.ShouldContain("X-Forwarded-For: 127.0.0.1");
    }

    /// <summary>Otherwise a server that hangs would show nowhere.</summary>
    [Fact]
    public async Task Client_GoesAwayBeforeAnAnswer_IsCounted()
    {
        await using Backend backend = await Backend.StartAsync("a");
        SemaphoreSlim arrived = new(0);
        backend.Handle = async context =>
        {
            arrived.Release();
            TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await using CancellationTokenRegistration registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        using CancellationTokenSource impatience = new();
        Task<HttpResponseMessage> request = proxy.Http.GetAsync("/", impatience.Token);
        await arrived.WaitAsync();
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => request);
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("a")).InFlight == 0);
        ServerStatus server = await proxy.StatusAsync("a");
        (server.Requests, server.Failed, server.Abandoned).ShouldBe((1, 0, 1));
    }

    [Fact]
    public async Task Request_ServerFails_LeavesALineWithTheCause()
    {
        Backend dead = await Backend.StartAsync("dead");
        await using RunningProxy proxy = await RunningProxy.StartAsync([dead], "retries.most = 0");
        await dead.DisposeAsync();
        for (int n = 0; n < 3; n++)
        {
            using HttpResponseMessage answer = await proxy.Http.GetAsync("/");
            answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        }
        proxy.Notices.ToString().ShouldContain("web: dead: a request failed: Request: Connection refused");
    }

    [Fact]
    public async Task Waiting_ServerIsDrained_IsAnsweredByAnother()
    {
        await using Backend first = await Backend.StartAsync("a"), second = await Backend.StartAsync("b");
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SemaphoreSlim arrived = new(0);
        first.Handle = second.Handle = async context =>
        {
            arrived.Release();
            await go.Task;
            await context.Response.WriteAsync($"{context.Connection.LocalPort}");
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [first, second], "policy = lsq, floor = 0, queue { in-flight = 1, length = 1, timeout = 20s }");
        Task<string>[] inFlight = [proxy.GetAsync(), proxy.GetAsync()];
        await arrived.WaitAsync();
        await arrived.WaitAsync();
        Task<string> waiting = proxy.GetAsync();
        string? server = null;
        await Until.HoldsAsync(async () =>
        {
            ClusterStatus cluster = (await proxy.Admin.StatusAsync(default)).Clusters[0];
            server = cluster.Servers.FirstOrDefault(s => s.Waiting == 1)?.Name;
            return server is not null;
        });
        await proxy.Admin.SwitchAsync("drain", null, server!, default);
        await Until.HoldsAsync(async () => (await proxy.StatusAsync(server == "a" ? "b" : "a")).Waiting == 1);
        go.SetResult();
        (await waiting).ShouldBe($"{(server == "a" ? second : first).Address.Port}");
        await Task.WhenAll(inFlight);
    }
}
