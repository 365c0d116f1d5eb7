using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Admin;
using Microsoft.AspNetCore.Http;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>Servers behind names, with a DNS of the test's own.</summary>
public class ServerNamesTests
{
    private const string Often = "dns = 20ms, policy = round-robin";

    private static readonly IPAddress First = IPAddress.Loopback, Second = IPAddress.Parse("127.0.0.2");

    private readonly ConcurrentDictionary<string, IPAddress[]> _zone = new();
    private Action _asked = () => { };
    private Task _answers = Task.CompletedTask;

    /// <summary>Requests come right after the start, and right after the file was read anew.</summary>
    [Fact]
    public async Task Start_ByName_RequestsFindEveryAddressAtOnce()
    {
        await using Backend first = await Backend.StartAsync("first"), second = await SecondAsync(first);
        _zone["svc.test"] = [Second, First];
        await using RunningProxy proxy = await StartAsync(By("svc.test", first));
        string[] answers = [await proxy.GetAsync(), await proxy.GetAsync()];
        answers.ShouldBe(["first", "second"], ignoreOrder: true);
        ServerStatus[] servers = [.. (await proxy.Admin.StatusAsync(default)).Clusters.Single().Servers];
        int port = first.Address.Port;
        servers.Select(server => (server.Name, server.Address)).ShouldBe(
            [("named[127.0.0.1]", $"http://127.0.0.1:{port}/"), ("named[127.0.0.2]", $"http://127.0.0.2:{port}/")]);
    }

    [Fact]
    public async Task Reload_FromAddressesToNames_NoRequestIsLost()
    {
        await using Backend first = await Backend.StartAsync("first"), second = await SecondAsync(first);
        _zone["svc.test"] = [Second];
        await using RunningProxy proxy = await StartAsync("", [first]);
        (await proxy.GetAsync()).ShouldBe("first");
        await proxy.ReloadAsync([], By("svc.test", first));
        (await proxy.GetAsync()).ShouldBe("second");
    }

    [Fact]
    public async Task Name_GetsOtherAddresses_TheyAreUsed_AndStayWhenDnsIsGone()
    {
        await using Backend first = await Backend.StartAsync("first"), second = await SecondAsync(first);
        _zone["svc.test"] = [First];
        await using RunningProxy proxy = await StartAsync(By("svc.test", first));
        (await proxy.GetAsync()).ShouldBe("first");

        _zone["svc.test"] = [Second];
        await Until.HoldsAsync(async () => await proxy.GetAsync() == "second");

        _zone.Clear();
        await Until.HoldsAsync(() => Task.FromResult(proxy.Notices.ToString()
            .Contains("web: the last addresses of its servers stay: DNS: svc.test: ", StringComparison.Ordinal)));
        (await proxy.GetAsync()).ShouldBe("second");
    }

    /// <summary>Several sites may be behind one address.</summary>
    [Fact]
    public async Task Requests_AndHealthChecks_NameTheHost()
    {
        await using Backend backend = await Backend.StartAsync("a");
        ConcurrentBag<string> asked = [];
        backend.Handle = context =>
        {
            asked.Add($"{context.Request.Path} {context.Request.Host}");
            return context.Response.WriteAsync("a");
        };
        _zone["svc.test"] = [First];
        await using RunningProxy proxy = await StartAsync(By("svc.test", backend) + "\nhealth { path = /health, interval = 20ms }");
        await proxy.GetAsync();
        await Until.HoldsAsync(() => Task.FromResult(asked.Distinct().Count() == 2));
        asked.Distinct().ShouldBe([$"/ svc.test:{backend.Address.Port}", $"/health svc.test:{backend.Address.Port}"], ignoreOrder: true);
    }

    [Fact]
    public async Task UnknownName_IsSaidInALine_AndNothingChanges()
    {
        await using Backend backend = await Backend.StartAsync("a");
        const string Problem = ": 'akkalb.proxy.clusters.web.servers.named.address' is 'http://nowhere.test:";
        (await Should.ThrowAsync<InvalidInputException>(() => StartAsync(By("nowhere.test", backend)))).Message.ShouldContain(Problem);

        await using RunningProxy proxy = await StartAsync("dns = 1h", [backend]);
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.ReloadAsync([], By("nowhere.test", backend))))
            .Message.ShouldContain(Problem);
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.AddAsync(null, "b", "http://nowhere.test:80", default)))
            .Message.ShouldContain("address of b is 'http://nowhere.test:80', expected a name that DNS knows");
        (await proxy.GetAsync()).ShouldBe("a");
        // What was refused is not tried again with the next change.
        await proxy.ReloadAsync([backend], "dns = 1h, policy = sed");
        (await proxy.GetAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task UnknownNameInTheFile_IsTriedUntilDnsKnowsIt_AndSaidOnce()
    {
        const string Looks = "reload = 20ms";
        await using Backend old = await Backend.StartAsync("old"), fresh = await Backend.StartAsync("fresh");
        await using RunningProxy proxy = await StartAsync("", [old], Looks);
        int asked = 0;
        _asked = () => Interlocked.Increment(ref asked);
        await File.WriteAllTextAsync(proxy.File, RunningProxy.Text(proxy.Folder, [], By("late.test", fresh), Looks));
        await Until.HoldsAsync(() => Task.FromResult(Volatile.Read(ref asked) >= 3));
        (await proxy.GetAsync()).ShouldBe("old");
        _zone["late.test"] = [First];
        await Until.HoldsAsync(async () => await proxy.GetAsync() == "fresh");
        proxy.Notices.ToString().Split("expected a name that DNS knows").Length.ShouldBe(2);
    }

    [Fact]
    public async Task AddAndRemove_OfNames_AreOfAllTheirAddresses()
    {
        await using Backend first = await Backend.StartAsync("first"), second = await SecondAsync(first);
        _zone["svc.test"] = [First, Second];
        await using RunningProxy proxy = await StartAsync("dns = 1h", [first]);
        string address = $"http://svc.test:{first.Address.Port}";
        await proxy.Admin.AddAsync(null, "named", address, default);
        (await NamesAsync(proxy)).ShouldBe(["first", "named[127.0.0.1]", "named[127.0.0.2]"]);
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.AddAsync(null, "Named", address, default)))
            .Message.ShouldContain("expected a new server");
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.RemoveAsync(null, "named[127.0.0.1]", default)))
            .Message.ShouldContain("named[127.0.0.1]: one of a name's addresses, expected the name, named");
        await proxy.Admin.RemoveAsync(null, "NAMED", default);
        (await NamesAsync(proxy)).ShouldBe(["first"]);
    }

    /// <summary>What an operator does while DNS is slow to tell of what the file has: neither undoes the other.</summary>
    [Fact]
    public async Task Add_WhileTheFileIsReadAnew_UndoesNothing()
    {
        await using Backend first = await Backend.StartAsync("first"), second = await Backend.StartAsync("second");
        _zone["svc.test"] = [Second];
        await using RunningProxy proxy = await StartAsync("dns = 1h", [first]);
        await AddWhileReadAnewAsync(proxy, first, "named", second);
        (await NamesAsync(proxy)).ShouldBe(["b", "first", "named[127.0.0.2]"], ignoreOrder: true);
    }

    /// <summary>The file has one of this name when its turn comes: that one is not to be replaced without a word.</summary>
    [Fact]
    public async Task Add_WhileTheFileGetsOneOfThisName_IsRefused()
    {
        await using Backend first = await Backend.StartAsync("first"), second = await Backend.StartAsync("second");
        _zone["svc.test"] = [Second];
        await using RunningProxy proxy = await StartAsync("dns = 1h", [first]);
        (await Should.ThrowAsync<InvalidInputException>(AddWhileReadAnewAsync(proxy, first, "b", second)))
            .Message.ShouldContain("b: expected a new server");
        (await NamesAsync(proxy)).ShouldBe(["b[127.0.0.2]", "first"], ignoreOrder: true);
    }

    /// <summary>What runs is ended when nobody changes it any more.</summary>
    [Fact]
    public async Task Add_WhileTheProxyEnds_IsAnswered()
    {
        await using Backend backend = await Backend.StartAsync("a");
        _zone["svc.test"] = [First];
        RunningProxy proxy = await StartAsync("dns = 1h", [backend]);
        using HttpClient client = new() { BaseAddress = proxy.Server.AdminAddress };
        using AdminClient admin = new(proxy.Server.AdminAddress!.ToString(), "");
        (TaskCompletionSource isAsked, TaskCompletionSource answers) = HoldAnswers();
        Task add = admin.AddAsync(null, "b", $"http://svc.test:{backend.Address.Port}", default);
        await isAsked.Task;
        Task<string> end = proxy.EndAsync();
        await Until.HoldsAsync(() => RefusesAsync(client));
        answers.SetResult();
        await add;
        Directory.Delete(await end, recursive: true);
    }

    /// <summary>DNS answers nothing from now on.</summary>
    /// <summary>Adds "b" by hand after the file, which gets a name beside the first server, and before DNS tells of it.</summary>
    private async Task AddWhileReadAnewAsync(RunningProxy proxy, Backend first, string named, Backend b)
    {
        (TaskCompletionSource isAsked, TaskCompletionSource answers) = HoldAnswers();
        Task reload = proxy.ReloadAsync([first], $"dns = 1h, servers.{named}.address = \"http://svc.test:{first.Address.Port}\"");
        await isAsked.Task;
        Task add = proxy.Admin.AddAsync(null, "b", b.Address.ToString(), default);
        await GoOnAsync(proxy);
        answers.SetResult();
        await reload;
        await add;
    }

    private (TaskCompletionSource IsAsked, TaskCompletionSource Answers) HoldAnswers()
    {
        TaskCompletionSource isAsked = new(), answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
        (_asked, _answers) = (() => isAsked.TrySetResult(), answers.Task);
        return (isAsked, answers);
    }

    /// <summary>The proxy comes to what it was asked before.</summary>
    private static async Task GoOnAsync(RunningProxy proxy)
    {
        for (int i = 0; i < 20; i++)
        {
            await NamesAsync(proxy);
        }
    }

    private static async Task<bool> RefusesAsync(HttpClient client)
    {
        try
        {
            await client.GetStringAsync("/live");
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    /// <summary>The system's own, and a cluster without <c>dns</c> beside one with.</summary>
    [Fact]
    public async Task Dns_OfOneCluster_IsNotOfAnother()
    {
        await using Backend backend = await Backend.StartAsync("a");
        string localhost = $"http://localhost:{backend.Address.Port}";
        await using RunningProxy proxy = await RunningProxy.StartAsync([], $"dns = 1s, servers.named.address = \"{localhost}\"",
            proxy: $$"""
                routes { a { cluster = web }, b { cluster = plain, path = "/plain" } }
                clusters.plain.servers.named.address = "{{localhost}}"
                """);
        (await proxy.GetAsync()).ShouldBe("a");
        (await proxy.GetAsync("/plain")).ShouldBe("a");
        ClusterStatus[] clusters = [.. (await proxy.Admin.StatusAsync(default)).Clusters];
        clusters.Single(cluster => cluster.Name == "plain").Servers.Single().Name.ShouldBe("named");
        clusters.Single(cluster => cluster.Name == "web").Servers.Select(server => server.Name).ShouldContain("named[127.0.0.1]");
    }

    private static async Task<string[]> NamesAsync(RunningProxy proxy) =>
        [.. (await proxy.Admin.StatusAsync(default)).Clusters.Single().Servers.Select(server => server.Name)];

    private static Task<Backend> SecondAsync(Backend first) => Backend.StartAsync("second", port: first.Address.Port, address: Second);

    private static string By(string host, Backend backend) => $"{Often}\nservers.named.address = \"http://{host}:{backend.Address.Port}\"";

    private Task<RunningProxy> StartAsync(string cluster, IEnumerable<Backend>? backends = null, string proxy = "") =>
        RunningProxy.StartAsync(backends ?? [], cluster, proxy: proxy, lookUp: LookUpAsync);

    /// <summary>Answers later, as DNS does.</summary>
    private async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation)
    {
        await Task.Yield();
        _asked();
        await _answers;
        return _zone.TryGetValue(host, out IPAddress[]? found) ? found : throw new SocketException((int)SocketError.HostNotFound);
    }
}
