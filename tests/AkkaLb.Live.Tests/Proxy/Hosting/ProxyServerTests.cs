using System.Net;
using System.Net.WebSockets;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Admin;
using AkkaLb.Live.Proxy.Balancing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>The whole proxy, on real connections within this process.</summary>
public class ProxyServerTests
{
    [Fact]
    public async Task Request_IsForwardedWithItsHeadersAndBody()
    {
        await using Backend backend = await Backend.StartAsync("a");
        backend.Handle = async context =>
        {
            context.Response.Headers["x-got"] = context.Request.Headers["x-sent"];
            context.Response.StatusCode = 201;
            await context.Request.Body.CopyToAsync(context.Response.Body);
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        using HttpRequestMessage request = new(HttpMethod.Post, "/path?q=1")
        {
            Content = new StringContent("body"), Headers = { { "x-sent", "7" } },
        };
        using HttpResponseMessage answer = await proxy.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answer.Headers.GetValues("x-got").ShouldBe(["7"]);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("body");
        answer.Headers.GetValues(BalancingMiddleware.RequestHeader).Single().ShouldBe("web.0.1");
    }

    [Theory]
    [InlineData("learned")]
    [InlineData("sed")]
    [InlineData("round-robin")]
    [InlineData("random")]
    [InlineData("p2c")]
    [InlineData("maglev")]
    [InlineData("peak-ewma")]
    [InlineData("prequal")]
    public async Task Requests_OfEveryPolicy_AreAnsweredAndCounted(string policy)
    {
        await using Backend first = await Backend.StartAsync("a"), second = await Backend.StartAsync("b");
        await using RunningProxy proxy = await RunningProxy.StartAsync([first, second], $"policy = {policy}");
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => proxy.GetAsync()));
        answers.ShouldAllBe(answer => answer == "a" || answer == "b");
        ClusterStatus cluster = (await proxy.Admin.StatusAsync(default)).Clusters.Single();
        cluster.Policy.ShouldBe(policy);
        cluster.Servers.Sum(server => server.Requests).ShouldBe(40);
        cluster.Servers.ShouldAllBe(server => server.InFlight == 0 && server.State == "in use");
    }

    [Fact]
    public async Task Request_ServerIsGone_IsAnsweredByAnother()
    {
        await using Backend alive = await Backend.StartAsync("alive");
        Backend dead = await Backend.StartAsync("dead");
        await using RunningProxy proxy = await RunningProxy.StartAsync([alive, dead], "policy = round-robin");
        await dead.DisposeAsync();
        for (int n = 0; n < 20; n++)
        {
            (await proxy.GetAsync()).ShouldBe("alive");
        }
        (await proxy.StatusAsync("dead")).State.ShouldBe("ejected");
        proxy.Notices.ToString().ShouldContain("web: dead: in use → ejected: 5 failures in a row");
    }

    [Fact]
    public async Task Request_WithABodyOrNotIdempotent_IsSentOnce()
    {
        Backend dead = await Backend.StartAsync("dead");
        await using Backend alive = await Backend.StartAsync("alive");
        await using RunningProxy proxy = await RunningProxy.StartAsync([dead, alive], "policy = maglev, ejection.enabled = off, floor = 0");
        // Which of the two this client gets does not matter: the other one must not be asked in its place.
        string mine = await proxy.GetAsync();
        await using Backend? _ = mine == "dead" ? null : dead;
        await (mine == "dead" ? dead : alive).DisposeAsync();
        using HttpResponseMessage posted = await proxy.Http.PostAsync("/", new StringContent("body"));
        posted.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await proxy.GetAsync()).ShouldBe(mine == "dead" ? "alive" : "dead");
    }

    [Fact]
    public async Task Request_NothingInUse_Is503WithRetryAfter()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], "retry-after = 7s");
        await proxy.Admin.SwitchAsync("drain", null, "a", default);
        using HttpResponseMessage answer = await proxy.Http.GetAsync("/");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        await proxy.Admin.SwitchAsync("enable", null, "a", default);
        (await proxy.GetAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task Request_MoreThanMayBeInFlight_WaitsOrIs503()
    {
        await using Backend backend = await Backend.StartAsync("a");
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SemaphoreSlim arrived = new(0);
        backend.Handle = async context =>
        {
            arrived.Release();
            await go.Task;
            await context.Response.WriteAsync("a");
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], "queue { in-flight = 1, length = 1, timeout = 20s }");
        Task<string> first = proxy.GetAsync();
        await arrived.WaitAsync();
        Task<string> second = proxy.GetAsync();
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("a")).Waiting == 1);
        using HttpResponseMessage third = await proxy.Http.GetAsync("/");
        third.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        go.SetResult();
        (await first).ShouldBe("a");
        (await second).ShouldBe("a");
        (await proxy.StatusAsync("a")).InFlight.ShouldBe(0);
    }

    /// <summary>Nobody was refused.</summary>
    [Fact]
    public async Task Request_ClientGoesAwayWhileItWaits_IsAbandoned()
    {
        await using Backend backend = await Backend.StartAsync("a");
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        backend.Handle = async _ => await go.Task;
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], "queue { in-flight = 1, timeout = 20s }");
        Task<string> first = proxy.GetAsync();
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("a")).InFlight == 1);
        using CancellationTokenSource impatience = new();
        Task<HttpResponseMessage> second = proxy.Http.GetAsync("/", impatience.Token);
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("a")).Waiting == 1);
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("a")).Waiting == 0);
        ServerStatus server = await proxy.StatusAsync("a");
        (server.Requests, server.InFlight, server.Failed, server.Abandoned).ShouldBe((2, 1, 0, 1));
        go.SetResult();
        await first;
    }

    [Fact]
    public async Task Request_WaitsTooLong_Is503()
    {
        await using Backend backend = await Backend.StartAsync("a");
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SemaphoreSlim arrived = new(0);
        backend.Handle = async _ =>
        {
            arrived.Release();
            await go.Task;
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], "queue { in-flight = 1, timeout = 50ms }");
        Task<string> first = proxy.GetAsync();
        await arrived.WaitAsync();
        using HttpResponseMessage second = await proxy.Http.GetAsync("/");
        second.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        go.SetResult();
        await first;
    }

    [Fact]
    public async Task Server_ThatFailsAtOnce_DoesNotAttractTheRequests()
    {
        await using Backend good = await Backend.StartAsync("good"), bad = await Backend.StartAsync("bad");
        bad.Handle = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync([good, bad], "policy = lsq");
        for (int n = 0; n < 60; n++)
        {
            using HttpResponseMessage answer = await proxy.Http.GetAsync("/");
        }
        bad.Requests.ShouldBeLessThan(15);
    }

    [Fact]
    public async Task HealthCheck_ServerTurnsBadAndGood_IsOutAndBack()
    {
        await using Backend steady = await Backend.StartAsync("steady"), moody = await Backend.StartAsync("moody");
        int status = 503;
        moody.Handle = context =>
        {
            context.Response.StatusCode = context.Request.Path == "/health" ? Volatile.Read(ref status) : 200;
            return Task.CompletedTask;
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [steady, moody], "health { path = \"/health\", interval = 20ms, fall = 2, rise = 2 }");
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("moody")).State == "unhealthy");
        Volatile.Write(ref status, 200);
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("moody")).State == "in use");
        proxy.Notices.ToString().ShouldContain("web: moody: in use → unhealthy: 2 bad checks in a row: status 503");
    }

    /// <summary>That an error occurred is no reason.</summary>
    [Fact]
    public async Task HealthCheck_ServerClosesTheConnection_SaysSo()
    {
        await using RawBackend backend = new();
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            backend, "health { path = \"/health\", interval = 20ms, timeout = 20s, fall = 1 }");
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("raw")).State == "unhealthy");
        proxy.Notices.ToString().ShouldContain("1 bad checks in a row: The response ended prematurely. (ResponseEnded)");
    }

    [Fact]
    public async Task WebSocket_PassesThrough()
    {
        await using Backend backend = await Backend.StartAsync("a");
        backend.Handle = Backend.EchoAsync;
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new UriBuilder(proxy.Server.Addresses[0]) { Scheme = "ws" }.Uri, default);
        await socket.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, true, default);
        byte[] buffer = new byte[16];
        WebSocketReceiveResult got = await socket.ReceiveAsync(buffer, default);
        buffer[..got.Count].ShouldBe("ping"u8.ToArray());
        (await proxy.StatusAsync("a")).InFlight.ShouldBe(1);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("a")).InFlight == 0);
    }

    [Fact]
    public async Task Http2_ToServerAndClient_PassesTrailersAsGrpcWantsThem()
    {
        await using Backend backend = await Backend.StartAsync("a", HttpProtocols.Http2);
        backend.Handle = async context =>
        {
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.WriteAsync(context.Request.Protocol);
            context.Response.AppendTrailer("grpc-status", "0");
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [backend], "forward.version = 2", proxy: "listeners.web.protocols = http2");
        using HttpRequestMessage request = new(HttpMethod.Get, "/")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage answer = await proxy.Http.SendAsync(request);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("HTTP/2");
        answer.TrailingHeaders.GetValues("grpc-status").ShouldBe(["0"]);
    }

    [Fact]
    public async Task Affinity_ByCookie_KeepsAClientAtItsServer()
    {
        await using Backend first = await Backend.StartAsync("a"), second = await Backend.StartAsync("b");
        await using RunningProxy proxy = await RunningProxy.StartAsync([first, second], "policy = round-robin, affinity.enabled = on");
        string mine = await proxy.GetAsync();
        for (int n = 0; n < 10; n++)
        {
            (await proxy.GetAsync()).ShouldBe(mine);
        }
        // Out of use: to another, and there it stays, also when the first is back.
        await proxy.Admin.SwitchAsync("drain", null, mine, default);
        string next = await proxy.GetAsync();
        next.ShouldNotBe(mine);
        await proxy.Admin.SwitchAsync("enable", null, mine, default);
        for (int n = 0; n < 10; n++)
        {
            (await proxy.GetAsync()).ShouldBe(next);
        }
    }

    /// <summary>HTTP/2 has bodies without saying so in a header.</summary>
    [Fact]
    public async Task Request_GetWithABodyOverHttp2_IsSentOnce()
    {
        await using Backend alive = await Backend.StartAsync("alive");
        Backend dead = await Backend.StartAsync("dead");
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [dead, alive], "policy = round-robin, ejection.enabled = off, failure-hold = 0, floor = 0, retries.budget = 10",
            proxy: "listeners.web.protocols = http2");
        await dead.DisposeAsync();
        HttpStatusCode[] statuses = new HttpStatusCode[4];
        for (int n = 0; n < statuses.Length; n++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "/")
            {
                Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StreamContent(new MemoryStream("hello"u8.ToArray())),
            };
            request.Content.Headers.ContentLength = null;
            using HttpResponseMessage answer = await proxy.Http.SendAsync(request);
            statuses[n] = answer.StatusCode;
        }
        statuses.Count(status => status == HttpStatusCode.BadGateway).ShouldBe(2);
        statuses.Count(status => status == HttpStatusCode.OK).ShouldBe(2);
    }

    /// <summary>YARP leaves the offer out, so the request is one as any other.</summary>
    [Fact]
    public async Task Request_OffersH2c_IsCounted()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        using HttpRequestMessage request = new(HttpMethod.Get, "/") { Headers = { { "Upgrade", "h2c" }, { "Connection", "Upgrade" } } };
        using HttpResponseMessage answer = await proxy.Http.SendAsync(request);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("a");
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("a")).P50 is not null);
    }

    [Fact]
    public async Task Requests_ThroughTwoProxies_HaveTheNumberOfTheFirst()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy inner = await RunningProxy.StartAsync([backend]);
        await using RunningProxy outer = await RunningProxy.StartAsync(
            [], $"servers.inner.address = \"{inner.Server.Addresses[0]}\"");
        using HttpResponseMessage answer = await outer.Http.GetAsync("/");
        string number = answer.Headers.GetValues(BalancingMiddleware.RequestHeader).Single();
        (await outer.Admin.ExplainAsync(number, default)).Server.ShouldBe("inner");
    }

    /// <summary>With an HTTP/2 server without TLS, as of gRPC.</summary>
    [Fact]
    public async Task HealthChecks_SpeakWhatRequestsSpeak()
    {
        await using Backend backend = await Backend.StartAsync("a", HttpProtocols.Http2);
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [backend], "forward.version = \"2\", health { path = /health, interval = 10ms, fall = 1 }");
        await Until.HoldsAsync(() => Task.FromResult(backend.Requests >= 3));
        (await proxy.StatusAsync("a")).State.ShouldBe("in use");
        (await proxy.GetAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task Limits_HeaderAndBody_Refuse()
    {
        await using Backend backend = await Backend.StartAsync("a");
        backend.Handle = context => context.Request.Body.CopyToAsync(Stream.Null);
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], proxy: "limits { body = 1000, header = 2048 }");
        using HttpResponseMessage big = await proxy.Http.PostAsync("/", new ByteArrayContent(new byte[2000]));
        big.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using HttpRequestMessage request = new(HttpMethod.Get, "/") { Headers = { { "x-long", new string('x', 4000) } } };
        using HttpResponseMessage longOne = await proxy.Http.SendAsync(request);
        longOne.StatusCode.ShouldBe(HttpStatusCode.RequestHeaderFieldsTooLarge);
        // One that is within the limit passes, also as a path.
        using HttpResponseMessage path = await proxy.Http.GetAsync("/" + new string('x', 1500));
        path.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await proxy.StatusAsync("a")).State.ShouldBe("in use");
    }

    /// <summary>In the one line of whoever starts it.</summary>
    [Theory]
    [InlineData("listeners.web.address")]
    [InlineData("listeners.other.address")]
    [InlineData("admin.address")]
    public async Task Start_AddressInUse_NamesFileAndKey(string key)
    {
        await using Backend backend = await Backend.StartAsync("a");
        SharedText notices = new();
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(() => RunningProxy.StartAsync(
            [backend], proxy: $"{key} = \"{backend.Address.GetLeftPart(UriPartial.Authority)}\"", notices: notices));
        thrown.Message.ShouldContain($"'akkalb.proxy.{key}': expected an address that can be listened on");
        notices.ToString().ShouldBeEmpty();
    }

    /// <summary>Of a network for documentation (RFC 5737), which no machine has.</summary>
    [Fact]
    public async Task Start_AddressOfAnotherMachine_NamesFileAndKey()
    {
        await using Backend backend = await Backend.StartAsync("a");
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(
            () => RunningProxy.StartAsync([backend], proxy: "listeners.web.address = \"http://192.0.2.1:0\""));
        thrown.Message.ShouldContain("'akkalb.proxy.listeners.web.address': expected an address that can be listened on");
    }

    [Fact]
    public async Task Start_FolderOfAnotherProxy_IsRefused()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(
            () => RunningProxy.StartAsync([backend], folder: proxy.Folder));
        thrown.Message.ShouldContain(
            $"proxy.conf: 'akkalb.proxy.state': {proxy.Folder}/state: expected a state folder that no other process works on");
    }

    [Fact]
    public async Task Start_StateOrPolicyThatCannotBeUsed_NamesFileAndKey()
    {
        await using Backend backend = await Backend.StartAsync("a");
        using TemporaryFolder folder = new();
        string file = folder.Write("file", "");
        (await Should.ThrowAsync<InvalidInputException>(() => RunningProxy.StartAsync([backend], proxy: $"state = \"{file}/state\"")))
            .Message.ShouldContain("proxy.conf: 'akkalb.proxy.state': expected a folder for its state that can be made, found ");
        (await Should.ThrowAsync<InvalidInputException>(() => RunningProxy.StartAsync([backend], "learned.policy = nope")))
            .Message.ShouldContain("proxy.conf: 'akkalb.proxy.clusters.web.learned.policy': nope: expected a run folder with ");
    }
}
