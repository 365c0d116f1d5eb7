using System.Net;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Admin;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Tests.Proxy.Hosting;
using AkkaLb.Runtime.Experiments;
using Microsoft.AspNetCore.Http;

namespace AkkaLb.Live.Tests.Proxy.Admin;

public class AdminTests
{
    [Fact]
    public async Task Drain_AndEnable_MoveRequestsAndAreTold()
    {
        await using Backend first = await Backend.StartAsync("a"), second = await Backend.StartAsync("b");
        await using RunningProxy proxy = await RunningProxy.StartAsync([first, second], "policy = round-robin");
        await proxy.Admin.SwitchAsync("drain", "web", "b", default);
        (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => proxy.GetAsync()))).ShouldAllBe(answer => answer == "a");
        (await proxy.StatusAsync("b")).State.ShouldBe("drained");
        (await proxy.Admin.StatusAsync(default)).Switches["web: drained"].ShouldBe(1);
        await proxy.Admin.SwitchAsync("enable", null, "b", default);
        (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => proxy.GetAsync()))).Distinct().Count().ShouldBe(2);
        proxy.Notices.ToString().ShouldContain("web: b: in use → drained: by hand");
    }

    [Fact]
    public async Task SetWeight_StandsAboveTheFile()
    {
        await using Backend first = await Backend.StartAsync("a"), second = await Backend.StartAsync("b");
        await using RunningProxy proxy = await RunningProxy.StartAsync([first, second], "policy = round-robin, floor = 0");
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.SetWeightAsync(null, "b", 2e6, default))).Message
            .ShouldContain("weight: expected a number from 1E-06 to 1000000, found 2000000");
        await proxy.Admin.SetWeightAsync(null, "b", 3, default);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => proxy.GetAsync()));
        answers.Count(answer => answer == "b").ShouldBe(30);
        await proxy.Admin.ReloadAsync(default);
        (await proxy.StatusAsync("b")).ConfiguredWeight.ShouldBe(3);
        proxy.Notices.ToString().ShouldContain("web: b has weight 3 by hand");
    }

    [Fact]
    public async Task Servers_AddedAndRemoved_HoldOverAReload()
    {
        await using Backend first = await Backend.StartAsync("a"), second = await Backend.StartAsync("b");
        await using RunningProxy proxy = await RunningProxy.StartAsync([first]);
        await proxy.Admin.AddAsync(null, "b", second.Address.ToString(), default);
        await proxy.Admin.RemoveAsync(null, "a", default);
        (await proxy.GetAsync()).ShouldBe("b");
        await proxy.Admin.ReloadAsync(default);
        (await proxy.GetAsync()).ShouldBe("b");
        (await proxy.Admin.StatusAsync(default)).Clusters[0].Servers.Select(s => s.Name).ShouldBe(["b"]);
        proxy.Notices.ToString().ShouldContain($"web: b was added by hand: {second.Address}, weight 1");
        proxy.Notices.ToString().ShouldContain("web: a was removed by hand");
    }

    [Fact]
    public async Task Add_NameOfOneThatWasRemoved_BeginsAnew()
    {
        await using Backend first = await Backend.StartAsync("a"), second = await Backend.StartAsync("b");
        await using RunningProxy proxy = await RunningProxy.StartAsync([first, second]);
        await proxy.Admin.SwitchAsync("drain", null, "b", default);
        await proxy.Admin.SetWeightAsync(null, "b", 7, default);
        await proxy.Admin.RemoveAsync(null, "b", default);
        await proxy.Admin.AddAsync(null, "b", second.Address.ToString(), default);
        ServerStatus server = await proxy.StatusAsync("b");
        (server.State, server.ConfiguredWeight).ShouldBe(("in use", 1));
    }

    /// <summary>Its health checks decide, and the operator is told so.</summary>
    [Fact]
    public async Task Enable_UnhealthyServer_SaysThatItIsStillOutOfUse()
    {
        await using Backend first = await Backend.StartAsync("a"), second = await Backend.StartAsync("b");
        second.Handle = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [first, second], "health { path = /health, interval = 10ms, fall = 1, rise = 1000 }");
        await Until.HoldsAsync(async () => (await proxy.StatusAsync("b")).State == "unhealthy");
        (await proxy.Admin.SwitchAsync("enable", null, "b", default)).ShouldBe("unhealthy");
        proxy.Notices.ToString().ShouldNotContain("by hand");
        (await proxy.Admin.SwitchAsync("drain", null, "b", default)).ShouldBe("drained");
    }

    /// <summary>Something else answers there, with JSON.</summary>
    [Fact]
    public async Task Client_AnswerOfAnotherService_IsNoProxy()
    {
        await using Backend other = await Backend.StartAsync("a");
        other.Handle = context => context.Response.WriteAsync("{}");
        using AdminClient client = new(other.Address.ToString(), "");
        foreach (Func<Task> ask in (Func<Task>[])
            [
                () => client.StatusAsync(default), () => client.ExplainAsync("web.1.1", default), () => client.ReloadAsync(default),
                () => client.SwitchAsync("drain", null, "s1", default), () => client.RemoveAsync(null, "s1", default),
            ])
        {
            (await Should.ThrowAsync<RunFailedException>(ask)).Message.ShouldContain("what does is no admin API");
        }
    }

    /// <summary>Whoever asked has done nothing wrong: the command's exit code is to say so.</summary>
    [Theory]
    [InlineData("""{"problem":"not taken over by YARP"}""", ": not taken over by YARP")]
    [InlineData("", ": status 500")]
    public async Task Client_ProxyThatFails_IsNoBadInput(string body, string problem)
    {
        await using Backend proxy = await Backend.StartAsync("a");
        proxy.Handle = context =>
        {
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync(body);
        };
        using AdminClient client = new(proxy.Address.ToString(), "");
        (await Should.ThrowAsync<RunFailedException>(() => client.ReloadAsync(default))).Message.ShouldEndWith(problem);
    }

    [Fact]
    public async Task Token_WithALineBreakBehindIt_IsTheToken()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], proxy: "admin.token = \"secret\\n\"");
        using AdminClient client = new(proxy.Server.AdminAddress!.ToString(), "secret\n");
        (await client.StatusAsync(default)).Clusters.Count.ShouldBe(1);
        Should.Throw<InvalidInputException>(() => new AdminClient("http://127.0.0.1:1", "a\nb")).Message.ShouldContain("admin token");
    }

    [Theory]
    [InlineData("b[1]", "http://127.0.0.1:1", "server: expected names of at most 100 characters")]
    [InlineData("b\nc", "http://127.0.0.1:1", "server: expected names of at most 100 characters")]
    [InlineData("a", "http://127.0.0.1:1", "a: expected a new server, the cluster has one of this name")]
    [InlineData("b", "http://user@127.0.0.1:1", "address: expected http://HOST:PORT")]
    [InlineData("b", "http://127.0.0.1:1/path?q", "address: expected http://HOST:PORT")]
    public async Task Add_ServerThatIsThereOrNoAddress_IsRefused(string server, string address, string problem)
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.AddAsync(null, server, address, default)))
            .Message.ShouldContain(problem);
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.ExplainAsync("web.-1.1", default)))
            .Message.ShouldContain("expected the x-akkalb-request of an answer");
    }

    [Theory]
    [InlineData("c", null, "c: no such server; 'akkalb proxy status' lists them")]
    [InlineData("a", "other", "other: no such cluster; 'akkalb proxy status' lists them")]
    public async Task Drain_NoSuchServer_SaysSo(string server, string? cluster, string problem)
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(
            () => proxy.Admin.SwitchAsync("drain", cluster, server, default));
        thrown.Message.ShouldContain(problem);
    }

    [Fact]
    public async Task Why_OfARequest_TellsPickAndDecisionOfTheJournal()
    {
        await using Backend fast = await Backend.StartAsync("fast"), slow = await Backend.StartAsync("slow");
        slow.Handle = async context =>
        {
            // Longer than the other, however long that is.
            await Task.WhenAny(context.RequestAborted.WaitAsync(), Spin(TimeSpan.FromMilliseconds(20)));
            await context.Response.WriteAsync("slow");
        };
        await using RunningProxy proxy = await RunningProxy.StartAsync([fast, slow], "learned.period = 100ms");
        string id = "";
        await Until.HoldsAsync(async () =>
        {
            using HttpResponseMessage answer = await proxy.Http.GetAsync("/");
            id = answer.Headers.GetValues(BalancingMiddleware.RequestHeader).Single();
            return !id.StartsWith("web.0.", StringComparison.Ordinal);
        });
        RequestExplanation why = await proxy.Admin.ExplainAsync(id, default);
        why.Server.ShouldBeOneOf("fast", "slow");
        why.Pick.ShouldBeOneOf("policy", "floor");
        why.Decision!.Number.ShouldBe(long.Parse(id.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture));
        why.Decision.Servers.Select(s => s.Name).ShouldBe(["fast", "slow"]);
        why.Decision.Servers.Sum(s => s.Seen).ShouldBeGreaterThan(0);
        why.Decision.Reason.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("nonsense", "nonsense: expected the x-akkalb-request of an answer, CLUSTER.DECISION.NUMBER, such as web.17.40312")]
    [InlineData("other.1.1", "other: no such cluster")]
    [InlineData("web.0.99999999", "web.0.99999999: expected a request that was answered, found none: the last is web.0.0; numbers")]
    [InlineData("web.999.1", "web.999.1: expected a request that was answered, found none: the last is web.0.0")]
    public async Task Why_NoRequest_SaysSo(string request, string problem)
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.ExplainAsync(request, default))).Message.ShouldContain(problem);
    }

    [Fact]
    public async Task Token_IsAskedForEverywhereButForHealth()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend], proxy: "admin.token = secret");
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.StatusAsync(default));
        thrown.Message.ShouldContain("expected the admin token, as 'Authorization: Bearer TOKEN'");
        using HttpClient plain = new() { BaseAddress = proxy.Server.AdminAddress };
        (await plain.GetAsync("/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await plain.GetAsync("/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using HttpRequestMessage lower = new(HttpMethod.Get, "/status") { Headers = { { "Authorization", "bearer secret" } } };
        (await plain.SendAsync(lower)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using HttpRequestMessage wrong = new(HttpMethod.Get, "/status") { Headers = { { "Authorization", "Bearer Secret" } } };
        (await plain.SendAsync(wrong)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using AdminClient knows = new(proxy.Server.AdminAddress!.ToString(), "secret");
        (await knows.StatusAsync(default)).Name.ShouldBe("proxy");
    }

    /// <summary>Ready is who has a server to send requests to, and a journal; alive is the proxy in either case.</summary>
    [Fact]
    public async Task Ready_NoHealthyServerOrNoJournal_IsRefusedWithTheReason()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        using HttpClient plain = new() { BaseAddress = proxy.Server.AdminAddress };
        (await plain.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await proxy.Admin.SwitchAsync("drain", null, "a", default);
        await ShouldBeUnreadyAsync("no server is healthy");
        await proxy.Admin.SwitchAsync("enable", null, "a", default);
        (await plain.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        string journal = Directory.EnumerateFiles(proxy.Folder, "events.db", SearchOption.AllDirectories).Single();
        File.Move(journal, journal + ".away");
        await ShouldBeUnreadyAsync("the journal cannot be reached");
        // The agent may have stored something meanwhile, in a file of its own.
        File.Move(journal + ".away", journal, overwrite: true);
        (await plain.GetAsync("/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);

        async Task ShouldBeUnreadyAsync(string reason)
        {
            using HttpResponseMessage answer = await plain.GetAsync("/health/ready");
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await answer.Content.ReadAsStringAsync()).ShouldContain(reason);
            (await plain.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Page_OfABrowser_IsRefused()
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        using HttpClient browser = new() { BaseAddress = proxy.Server.AdminAddress };
        using HttpRequestMessage request = new(HttpMethod.Post,
            "/drain?server=a") { Headers = { { "Origin", "http://elsewhere.example" } } };
        (await browser.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await proxy.StatusAsync("a")).State.ShouldBe("in use");
    }

    /// <summary>A page's own name may be made to lead to this machine: then a browser sends no Origin with what it reads.</summary>
    [Theory]
    [InlineData("evil.example", HttpStatusCode.Unauthorized)]
    [InlineData("localhost:1", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    public async Task Host_OfAnotherName_IsRefusedWithoutAToken(string host, HttpStatusCode expected)
    {
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        using HttpClient browser = new() { BaseAddress = proxy.Server.AdminAddress };
        using HttpRequestMessage request = new(HttpMethod.Get, "/status") { Headers = { Host = host } };
        using HttpResponseMessage answer = await browser.SendAsync(request);
        answer.StatusCode.ShouldBe(expected);
        (await answer.Content.ReadAsStringAsync()).Contains("servers", StringComparison.Ordinal).ShouldBe(expected == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Client_NoProxyThere_SaysSo()
    {
        Backend gone = await Backend.StartAsync("a");
        await gone.DisposeAsync();
        using AdminClient client = new(gone.Address.ToString(), "");
        (await Should.ThrowAsync<RunFailedException>(() => client.StatusAsync(default))).Message.ShouldContain("no proxy answers there");
    }

    /// <summary>Some work, without a sleep.</summary>
    private static async Task Spin(TimeSpan time)
    {
        using CancellationTokenSource over = new(time, TimeProvider.System);
        await over.Token.WaitAsync();
    }
}

file static class Tokens
{
    public static Task WaitAsync(this CancellationToken token)
    {
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(() => source.TrySetResult());
        return source.Task;
    }
}
