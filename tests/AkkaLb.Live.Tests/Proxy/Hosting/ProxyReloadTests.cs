using System.Net;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy;
using AkkaLb.Live.Proxy.Admin;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Runtime.Experiments;
using Microsoft.AspNetCore.Http;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>A file that changes while requests go on, and files that cannot be taken over.</summary>
public class ProxyReloadTests
{
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

    /// <summary>An operator asks for it while the file is read because it has changed: who has read first does not win.</summary>
    [Fact]
    public async Task Reload_TwoAtOnce_WhatWasReadLastHolds()
    {
        string folder = Directory.CreateTempSubdirectory("akkalb-proxy-").FullName, file = Path.Combine(folder, "proxy.conf");
        await using Backend old = await Backend.StartAsync("old"), fresh = await Backend.StartAsync("fresh");
        await File.WriteAllTextAsync(file, RunningProxy.Text(folder, [("a", old.Address)], ""));
        using ManualResetEventSlim isRead = new(), isOver = new();
        ProxyOptions Reread()
        {
            ProxyOptions read = ProxyReader.Load(file, []);
            if (!isRead.IsSet)
            {
                isRead.Set();
                isOver.Wait(TimeSpan.FromMilliseconds(500));
            }
            return read;
        }
        await using (ProxyServer proxy = await ProxyServer.StartAsync(
            ProxyReader.Load(file, []), Reread, TextWriter.Null, TimeProvider.System))
        using (AdminClient first = new(proxy.AdminAddress!.ToString(), ""), second = new(proxy.AdminAddress!.ToString(), ""))
        {
            Task reload = first.ReloadAsync(default);
            await Until.HoldsAsync(() => Task.FromResult(isRead.IsSet));
            await File.WriteAllTextAsync(file, RunningProxy.Text(folder, [("b", fresh.Address)], ""));
            await second.ReloadAsync(default);
            isOver.Set();
            await reload;
            (await first.StatusAsync(default)).Clusters.Single().Servers.Single().Name.ShouldBe("b");
        }
        Directory.Delete(folder, recursive: true);
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

    /// <summary>As a tool that writes it, or an operator that moves it, leaves it for a moment.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reload_IncludeIsGoneOrEmpty_ChangesNothingUntilItIsBack(bool empty)
    {
        await using Backend a = await Backend.StartAsync("a"), b = await Backend.StartAsync("b");
        using TemporaryFolder folder = new();
        string servers = Path.Combine(folder.FullPath, "servers.inc");
        await File.WriteAllTextAsync(servers, $"servers.a.address = \"{a.Address}\"");
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [], "include \"servers.inc\"", folder.FullPath, "reload = 20ms");
        if (empty)
        {
            await File.WriteAllTextAsync(servers, "\n");
        }
        else
        {
            File.Move(servers, servers + ".away");
        }
        string problem = $"not read anew, all stays as it was: {proxy.File}: includes {servers}, which is missing or empty";
        await Until.HoldsAsync(() => Task.FromResult(proxy.Notices.ToString().Contains(problem, StringComparison.Ordinal)));
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.ReloadAsync(default))).Message.ShouldContain("missing or empty");
        (await proxy.GetAsync()).ShouldBe("a");

        await File.WriteAllTextAsync(servers, $"servers.b.address = \"{b.Address}\"");
        await Until.HoldsAsync(async () => await proxy.GetAsync() == "b");

        // To do without is said in the file itself.
        await File.WriteAllTextAsync(proxy.File, RunningProxy.Text(folder.FullPath, [("a", a.Address)], ""));
        await Until.HoldsAsync(async () => await proxy.GetAsync() == "a");
    }

    [Fact]
    public async Task Reload_FileIsGone_IsToldOnceAndEndsWhenItIsBack()
    {
        await using Backend backend = await Backend.StartAsync("a");
        using TemporaryFolder folder = new();
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], "", folder.FullPath, "reload = 20ms");
        for (int times = 1; times <= 2; times++)
        {
            File.Move(proxy.File, proxy.File + ".away");
            await Until.HoldsAsync(() => Task.FromResult(Told($"not read anew, all stays as it was: {proxy.File}: no such file") == times));
            (await proxy.GetAsync()).ShouldBe("a");
            File.Move(proxy.File + ".away", proxy.File);
            await Until.HoldsAsync(() => Task.FromResult(Told("was read anew") == times));
        }

        int Told(string line) => proxy.Notices.ToString().Split(line).Length - 1;
    }

    [Fact]
    public async Task Reload_WithoutAnyServer_ChangesNothingButWhatIsRemovedByHandIs()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.ReloadAsync([], ""))).Message.ShouldContain(
            "'akkalb.proxy.clusters.web.servers': nothing in it, expected a server, as the cluster has some: to do without, ");
        (await proxy.GetAsync()).ShouldBe("a");

        await proxy.Admin.RemoveAsync(null, "a", default);
        await proxy.ReloadAsync([], "");
        (await proxy.Http.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Start_IncludeOrServersMissing_IsSaid()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([], "include \"srevers.inc\"");
        string notices = proxy.Notices.ToString();
        notices.ShouldContain($"{proxy.File} includes {Path.Combine(proxy.Folder, "srevers.inc")}, which is missing or empty: ");
        notices.ShouldContain("web has no servers: its requests are answered 503 until it has");
        await proxy.Admin.AddAsync(null, "a", backend.Address.ToString(), default);
        (await proxy.GetAsync()).ShouldBe("a");
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

    /// <summary>Not until its checks have failed once more: they begin anew, and what they found stays.</summary>
    [Fact]
    public async Task Options_ChangedByReload_LeaveHealthCountsAndRequestsInFlightAsTheyAre()
    {
        await using Backend well = await Backend.StartAsync("well"), ill = await Backend.StartAsync("ill");
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SemaphoreSlim arrived = new(0);
        well.Handle = async context =>
        {
            if (context.Request.Path == "/slow")
            {
                arrived.Release();
                await go.Task;
            }
        };
        ill.Handle = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [well, ill], "health { path = /health, interval = 10ms, fall = 1 }");
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("ill")).State == "unhealthy");
        Task<string> slow = proxy.GetAsync("/slow");
        await arrived.WaitAsync();
        await proxy.ReloadAsync([well, ill], "policy = sed, health { path = /health, interval = 1h, fall = 1000 }");
        (await proxy.StatusAsync("ill")).State.ShouldBe("unhealthy");
        ServerStatus busy = await proxy.StatusAsync("well");
        (busy.Requests, busy.InFlight).ShouldBe((1, 1));
        go.SetResult();
        await slow;
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("well")).InFlight == 0);
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
    public async Task Reload_WhatHoldsFromTheNextStartOn_IsSaid()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        await proxy.ReloadAsync([backend], "");
        proxy.Notices.ToString().ShouldEndWith($"{proxy.File} was read anew: 1 clusters, 1 servers{Environment.NewLine}");
        await File.WriteAllTextAsync(proxy.File, RunningProxy.Text(
            proxy.Folder, [("a", backend.Address)], "", "limits.body = 5, seed = 7, shutdown = 1s, admin.token = secret\n"
            + "}\nakkalb.journal.enabled = off\nakkalb.proxy {"));
        await proxy.Admin.ReloadAsync(default);
        proxy.Notices.ToString().ShouldContain(
            "was read anew: 1 clusters, 1 servers; other than at the start, and in force from the next one on: "
            + "admin, limits, seed, shutdown, akkalb.journal");
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
}
