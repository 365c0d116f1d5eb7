using System.Net;
using System.Net.WebSockets;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy;
using AkkaLb.Live.Proxy.Admin;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Runtime.Experiments;
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

    [Fact]
    public async Task Reload_OtherServers_KeepsConnectionsAndRequestsInFlight()
    {
        await using Backend old = await Backend.StartAsync("old"), fresh = await Backend.StartAsync("fresh");
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SemaphoreSlim arrived = new(0);
        old.Handle = async context =>
        {
            arrived.Release();
            await go.Task;
            await context.Response.WriteAsync("old");
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync([old]);
        Task<string> inFlight = proxy.GetAsync();
        await arrived.WaitAsync();
        await File.WriteAllTextAsync(proxy.File, RunningProxy.Text(proxy.Folder, [("fresh", fresh.Address)], ""));
        await proxy.Admin.ReloadAsync(default);
        (await proxy.GetAsync()).ShouldBe("fresh");
        go.SetResult();
        (await inFlight).ShouldBe("old");
    }

    [Fact]
    public async Task Reload_FileIsWrong_SaysSoAndChangesNothing()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        await File.WriteAllTextAsync(proxy.File, RunningProxy.Text(proxy.Folder, [("a", backend.Address)], "policy = best"));
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.ReloadAsync(default));
        thrown.Message.ShouldContain("'akkalb.proxy.clusters.web.policy' is 'best', expected learned");
        (await proxy.GetAsync()).ShouldBe("a");
    }

    [Theory]
    [InlineData("path = \"/a/{b\"", "'akkalb.proxy.routes.r': Invalid path '/a/{b' for route 'r'.")]
    [InlineData("methods = [GETT]", "'akkalb.proxy.routes.r': Unsupported HTTP method 'GETT' has been set for route 'r'.")]
    [InlineData("path = \"/x/{id:foo}\"", "'akkalb.proxy.routes.r': 'path' is '/x/{id:foo}': The constraint reference 'foo' could not")]
    [InlineData("hosts = [\"http://x.com/\"]", "'akkalb.proxy.routes.r': 'hosts' has 'http://x.com/', expected names such as example.org")]
    [InlineData("hosts = [\"x.com:99999\"]", "'akkalb.proxy.routes.r': 'hosts' has 'x.com:99999', expected names")]
    [InlineData("path = \"/X/{a}\" }, s { cluster = web, path = \"/x/{b}/\"",
        "'akkalb.proxy.routes.s': takes the same requests as 'r', expected another path, host, method or order")]
    [InlineData("hosts = [a.org, b.org] }, s { cluster = web, hosts = [B.org]", "'akkalb.proxy.routes.s': takes the same requests as 'r'")]
    [InlineData("hosts = [xn--bcher-kva.example]", "'akkalb.proxy.routes.r': Punycode host name 'xn--bcher-kva.example' has been set")]
    public async Task Route_ThatYarpDoesNotTake_IsSaidBeforeAnythingChanges(string key, string problem)
    {
        string route = $"routes {{ r {{ cluster = web, {key} }} }}";
        await using Backend backend = await Backend.StartAsync("a"), other = await Backend.StartAsync("b");
        (await Should.ThrowAsync<InvalidInputException>(() => RunningProxy.StartAsync([backend], proxy: route))).Message
            .ShouldContain(problem);

        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        await File.WriteAllTextAsync(proxy.File, RunningProxy.Text(proxy.Folder, [("b", other.Address)], "", route));
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.ReloadAsync(default))).Message.ShouldContain(problem);
        (await proxy.GetAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task Routes_OfOnePath_ApartByHostMethodAndOrder_AreFound()
    {
        await using Backend backend = await Backend.StartAsync("a"), other = await Backend.StartAsync("b");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], proxy: $$"""
            routes {
              all { cluster = web }, last { cluster = web, order = 1 }
              host { cluster = other, hosts = ["*.example.org", "example.org:8080"] }, put { cluster = other, methods = [PUT] }
              id { cluster = other, path = "/id/{n:int}" }
            }
            clusters.other.servers.b.address = "{{other.Address}}"
            """);
        (await proxy.GetAsync()).ShouldBe("a");
        (await proxy.GetAsync("/id/17")).ShouldBe("b");
        (await proxy.GetAsync("/id/x")).ShouldBe("a");
        using HttpResponseMessage put = await proxy.Http.PutAsync("/", null);
        (await put.Content.ReadAsStringAsync()).ShouldBe("b");
        using HttpRequestMessage named = new(HttpMethod.Get, "/") { Headers = { Host = "x.example.org" } };
        using HttpResponseMessage answer = await proxy.Http.SendAsync(named);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("b");
    }

    /// <summary>What YARP fails at is taken back, with all that came before it.</summary>
    [Fact]
    public async Task Reload_YarpFails_ChangesNothing()
    {
        await using Backend backend = await Backend.StartAsync("a"), other = await Backend.StartAsync("b");
        await using RunningProxy running = await RunningProxy.StartAsync([backend]);
        ProxyOptions options = ProxyReader.Load(running.File, [$"state={running.Folder}/other"]);
        ClusterOptions wrong = options.Clusters[0] with
        {
            Policy = "lsq",
            Servers = [new ServerOptions("b", other.Address, 1)],
            Forward = options.Clusters[0].Forward with { ConnectTimeout = TimeSpan.FromDays(100) },
        };
        await using ProxyServer proxy = await ProxyServer.StartAsync(
            options, () => options with { Clusters = [wrong] }, TextWriter.Null, TimeProvider.System);
        using HttpClient http = new() { BaseAddress = proxy.Addresses[0] };
        using AdminClient admin = new(proxy.AdminAddress!.ToString(), "");
        for (int n = 0; n < 2; n++)
        {
            (await Should.ThrowAsync<InvalidInputException>(() => admin.ReloadAsync(default)))
                .Message.ShouldContain("not taken over by YARP");
            (await http.GetStringAsync("/")).ShouldBe("a");
            ClusterStatus cluster = (await admin.StatusAsync(default)).Clusters.Single();
            (cluster.Policy, cluster.Servers.Single().Name).ShouldBe(("learned", "a"));
        }
    }

    /// <summary>As a ConfigMap is mounted: a link to a folder that becomes another.</summary>
    [Fact]
    public async Task Reload_LinkLeadsElsewhere_AndIncludedFileChanges_AreNoticed()
    {
        await using Backend a = await Backend.StartAsync("a"), b = await Backend.StartAsync("b"), c = await Backend.StartAsync("c");
        string folder = Directory.CreateTempSubdirectory("akkalb-proxy-").FullName;
        foreach ((string name, Backend backend) in new[] { ("v1", a), ("v2", b) })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            await File.WriteAllTextAsync(
                Path.Combine(folder, name, "real.conf"),
                RunningProxy.Text(folder, [("s", backend.Address)], "include \"more.conf\"", "reload = 20ms"));
        }
        Directory.CreateSymbolicLink(Path.Combine(folder, "data"), "v1");
        string file = Path.Combine(folder, "linked.conf");
        File.CreateSymbolicLink(file, "data/real.conf");
        await using (ProxyServer proxy = await ProxyServer.StartAsync(
            ProxyReader.Load(file, []), () => ProxyReader.Load(file, []), TextWriter.Null, TimeProvider.System))
        {
            using HttpClient http = new() { BaseAddress = proxy.Addresses[0] };
            (await http.GetStringAsync("/")).ShouldBe("a");

            Directory.Delete(Path.Combine(folder, "data"));
            Directory.CreateSymbolicLink(Path.Combine(folder, "data"), "v2");
            await Until.HoldsAsync(async () => await http.GetStringAsync("/") == "b");

            await File.WriteAllTextAsync(Path.Combine(folder, "more.conf"), $"servers.s.address = \"{c.Address}\"");
            await Until.HoldsAsync(async () => await http.GetStringAsync("/") == "c");
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Whatever it is that YARP fails at, here a timeout that its client does not take.</summary>
    [Fact]
    public async Task Start_YarpFails_IsNoProxyWithoutRoutes()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy running = await RunningProxy.StartAsync([backend]);
        ProxyOptions options = ProxyReader.Load(running.File, [$"state={running.Folder}/other"]);
        ClusterOptions cluster = options.Clusters[0] with
        {
            Forward = options.Clusters[0].Forward with { ConnectTimeout = TimeSpan.FromDays(100) },
        };
        (await Should.ThrowAsync<RunFailedException>(() => ProxyServer.StartAsync(
            options with { Clusters = [cluster] }, () => options, TextWriter.Null, TimeProvider.System)))
            .Message.ShouldStartWith($"{running.File}: not taken over by YARP: ");
    }

    [Fact]
    public async Task Reload_FileChanges_IsNoticed()
    {
        await using Backend old = await Backend.StartAsync("old"), fresh = await Backend.StartAsync("fresh");
        string folder = Directory.CreateTempSubdirectory("akkalb-proxy-").FullName;
        await using (RunningProxy proxy = await RunningProxy.StartAsync([old], folder: folder, proxy: "reload = 20ms"))
        {
            (await proxy.GetAsync()).ShouldBe("old");
            await File.WriteAllTextAsync(proxy.File, RunningProxy.Text(folder, [("fresh", fresh.Address)], "", "reload = 20ms"));
            await Until.HoldsAsync(async () => await proxy.GetAsync() == "fresh");
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Before any request comes: servers are there, and what an operator said of them holds.</summary>
    [Fact]
    public async Task Policy_ChangedByReload_BeginsAnewWithWhatWasSaidByHand()
    {
        await using Backend a = await Backend.StartAsync("a"), b = await Backend.StartAsync("b");
        await using RunningProxy proxy = await RunningProxy.StartAsync([a, b]);
        await proxy.Admin.SwitchAsync("drain", null, "a", default);
        await proxy.Admin.SetWeightAsync(null, "b", 5, default);
        await proxy.ReloadAsync([a, b], "policy = sed");
        ClusterStatus cluster = (await proxy.Admin.StatusAsync(default)).Clusters.Single();
        cluster.Policy.ShouldBe("sed");
        cluster.Servers.Select(server => (server.Name, server.State, server.ConfiguredWeight))
            .ShouldBe([("a", "drained", 1), ("b", "in use", 5)]);
        using HttpClient admin = new() { BaseAddress = proxy.Server.AdminAddress };
        (await admin.GetAsync("/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await proxy.GetAsync()).ShouldBe("b");
    }

    /// <summary>What runs goes on: its control counts what passes, its agent decides.</summary>
    [Fact]
    public async Task Reload_PolicyThatCannotBeUsed_LeavesTheAgentAtWork()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], "policy = learned, learned.period = 20ms");
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(
            () => proxy.ReloadAsync([backend], "policy = learned, learned.period = 10ms, learned.policy = \"/no/such/run\""));
        thrown.Message.ShouldContain("/no/such/run");
        (await proxy.GetAsync()).ShouldBe("a");
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("a")).P50 is not null);
        double refused = (await proxy.Admin.StatusAsync(default)).UpSeconds;
        await Until.HoldsAsync(async () => await LastWordAsync() > refused);

        // Where nobody decides by it, a policy that is gone is no reason to stay.
        await proxy.ReloadAsync([backend], "policy = sed, learned.policy = \"/no/such/run\"");
        (await proxy.GetAsync()).ShouldBe("a");

        async Task<double?> LastWordAsync()
        {
            ProxyStatus status = await proxy.Admin.StatusAsync(default);
            return status.UpSeconds - status.Clusters.Single().AgentSilence;
        }
    }

    [Fact]
    public async Task Reload_ConnectionLifetime_HoldsForNewConnections()
    {
        await using Backend backend = await Backend.StartAsync("a");
        backend.Handle = context => context.Response.WriteAsync(context.Connection.Id);
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        (await proxy.GetAsync()).ShouldBe(await proxy.GetAsync());
        await proxy.ReloadAsync([backend], "forward.connection-lifetime = 1ms");
        await Until.HoldsAsync(async () => await proxy.GetAsync() != await proxy.GetAsync());
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

    [Fact]
    public async Task Start_AddressInUse_NamesFileAndKey()
    {
        await using Backend backend = await Backend.StartAsync("a");
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(
            () => RunningProxy.StartAsync([backend], proxy: $"listeners.web.address = \"{backend.Address}\""));
        thrown.Message.ShouldContain("'akkalb.proxy.listeners': expected addresses that can be listened on");
    }

    /// <summary>Of a network for documentation (RFC 5737), which no machine has.</summary>
    [Fact]
    public async Task Start_AddressOfAnotherMachine_NamesFileAndKey()
    {
        await using Backend backend = await Backend.StartAsync("a");
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(
            () => RunningProxy.StartAsync([backend], proxy: "listeners.web.address = \"http://192.0.2.1:0\""));
        thrown.Message.ShouldContain("'akkalb.proxy.listeners': expected addresses that can be listened on");
    }

    [Fact]
    public async Task Start_FolderOfAnotherProxy_IsRefused()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(
            () => RunningProxy.StartAsync([backend], folder: proxy.Folder));
        thrown.Message.ShouldContain("expected a state folder that no other process works on");
    }
}
