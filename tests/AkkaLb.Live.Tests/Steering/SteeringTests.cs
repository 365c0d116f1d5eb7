using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Steering;
using AkkaLb.Runtime.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace AkkaLb.Live.Tests.Steering;

/// <summary>What is read from other balancers and written for them, without any of them.</summary>
public class SteeringTests
{
    private static readonly SteeredServer[] Servers = [new("s1", "127.0.0.1:7001"), new("s2", "127.0.0.1:7002")];

    [Fact]
    public void WholeWeights_KeepTheRatiosWithinTheirBounds()
    {
        WholeWeights.Of([0.5f, 1, 1.5f], 100, 256).ShouldBe([50, 100, 150]);
        WholeWeights.Of([4, 0.001f], 100, 256).ShouldBe([256, 1]);
    }

    [Fact]
    public void ChangeLimiter_SmallOrSoon_IsNotDue()
    {
        ChangeLimiter limiter = new(interval: 10, hysteresis: 0.1);
        limiter.IsDue([1, 1], 0).ShouldBeTrue();
        limiter.Set([1, 1], 0);
        limiter.IsDue([1, 2], 9).ShouldBeFalse();
        limiter.IsDue([1, 1.05f], 10).ShouldBeFalse();
        limiter.IsDue([1, 1.2f], 10).ShouldBeTrue();
    }

    [Fact]
    public void HaproxyStatistics_ShowStat_GivesCountersByName()
    {
        const string Csv = "# pxname,svname,scur,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,econ,eresp\n"
            + "web,FRONTEND,9,0,90,0,0,0,,\nweb,s2,3,0,40,1,2,5,1,1\nweb,s1,1,0,7,0,0,0,0,0\n"
            + "other,s1,7,0,1,1,1,1,1,1\nweb,BACKEND,9,0,90,0,0,0,0,0\n";
        ServerCounters?[] counters = HaproxyStatistics.Read(Csv, "web", Servers);
        counters.ShouldBe([new ServerCounters(1, 7, 0), new ServerCounters(3, 43, 7)]);
        Should.Throw<IOException>(() => HaproxyStatistics.Read(Csv, "other", Servers)).Message
            .ShouldBe("HAProxy has no server other/s2, it has web/s2, web/s1, other/s1");
        Should.Throw<IOException>(() => HaproxyStatistics.Read("Unknown command.\n", "web", Servers)).Message
            .ShouldBe("expected the table of 'show stat', found 'Unknown command.'");
    }

    [Fact]
    public async Task HaproxySocket_NoSuchFile_IsSaid() =>
        (await Should.ThrowAsync<IOException>(new HaproxySocket("/no/such.sock").AskAsync("show stat", default))).Message
            .ShouldBe("/no/such.sock: HAProxy's socket cannot be reached: there is no such file");

    /// <summary>A process that was stopped, or hangs: the operator is to be told, and not to wait for ever.</summary>
    [Fact]
    public async Task HaproxySocket_NobodyAnswers_IsSaid()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        HaproxySocket socket = new(listener.LocalEndpoint.ToString()!, TimeSpan.FromMilliseconds(50));
        (await Should.ThrowAsync<IOException>(socket.AskAsync("show stat", default))).Message
            .ShouldBe($"{listener.LocalEndpoint}: HAProxy's socket does not answer within 0.05 s");
    }

    /// <summary>A stale file may hold the number of any process: that must not be signalled.</summary>
    [Fact]
    public async Task Nginx_PidOfAnotherProcess_IsNotSignalled()
    {
        string folder = Directory.CreateTempSubdirectory("akkalb-pid-").FullName, pid = Path.Combine(folder, "nginx.pid");
        NginxTarget target = new(Path.Combine(folder, "upstream.conf"), "web", [], Path.Combine(folder, "log"), pid, TimeSpan.Zero);
        await using NginxBalancer balancer = new(target, Servers);
        foreach ((string text, string expected) in new[]
        {
            ($"{Environment.ProcessId}\n", "expected nginx's process, found "), ("soon", "found 'soon'"), ("-1", "found '-1'"),
            ($"{int.MaxValue}", "is none that runs"),
        })
        {
            await File.WriteAllTextAsync(pid, text);
            string problem = (await Should.ThrowAsync<IOException>(balancer.ApplyAsync([1, 2], default))).Message;
            problem.ShouldStartWith(pid);
            problem.ShouldContain(expected);
            File.Exists(target.Upstream).ShouldBeFalse();
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nginx_LogOrPidFileIsNotThere_NamesTheKey()
    {
        await using NginxBalancer balancer = new(new NginxTarget("/no/up.conf", "web", [], "/no/log", "/no/pid", TimeSpan.Zero), Servers);
        (await Should.ThrowAsync<IOException>(balancer.ObserveAsync(0, default))).Message
            .ShouldBe("'nginx.log' is '/no/log', expected the access log that nginx writes; it is not there");
        (await Should.ThrowAsync<IOException>(balancer.ApplyAsync([1, 2], default))).Message
            .ShouldBe("'nginx.pid' is '/no/pid', expected the file with the number of nginx's process; it is not there");
    }

    [Fact]
    public void CounterSampler_TwoLooks_SpreadDeparturesAtTheMeanOccupancy()
    {
        CounterSampler sampler = new(2);
        sampler.Look([new ServerCounters(2, 10, 0), null], 1000).ShouldBeEmpty();
        IReadOnlyList<Passage> passed = sampler.Look([new ServerCounters(4, 12, 1), new ServerCounters(1, 5, 5)], 2000);
        passed.Select(p => (p.Kind, p.InFlight, p.Time)).ShouldBe(
        [
            (PassageKind.Answered, 3, 1250), (PassageKind.Answered, 3, 1500), (PassageKind.Failed, 3, 1750), (PassageKind.Seen, 3, 2000),
        ]);
        sampler.HasBegunAnew.ShouldBeFalse();
        // Its counters began anew: it was restarted.
        sampler.Look([new ServerCounters(0, 1, 0), null], 3000).ShouldBeEmpty();
        sampler.HasBegunAnew.ShouldBeTrue();
        sampler.Look([new ServerCounters(0, 1, 0), null], 4000).ShouldHaveSingleItem();
        sampler.HasBegunAnew.ShouldBeFalse();
    }

    [Fact]
    public void AccessLog_Lines_BecomeStartsAndEndsInOrder()
    {
        AccessLog log = new(Servers, lag: Ticks.PerSecond);
        long now = 100 * Ticks.PerSecond;
        log.Add("1000.000 127.0.0.1:7001 2.000 200", now);
        log.Add("1000.500 127.0.0.1:7001 1.000 200", now);
        log.Add("1000.500 127.0.0.1:7001, 127.0.0.1:7002 0.100, 0.200 502, 200", now);
        log.Add("nonsense", now);
        log.Until(98 * Ticks.PerSecond).ShouldBeEmpty();
        IReadOnlyList<Passage> passed = log.Until(102 * Ticks.PerSecond);
        passed.Select(p => (p.Kind, p.Server, p.InFlight, Math.Round(Ticks.ToSeconds(p.Time), 3))).ShouldBe(
        [
            (PassageKind.Started, 0, 0, 98), (PassageKind.Started, 0, 1, 99.5), (PassageKind.Answered, 0, 2, 100),
            (PassageKind.Started, 0, 1, 100.2), (PassageKind.Failed, 0, 2, 100.3), (PassageKind.Freed, 0, 2, 100.3),
            (PassageKind.Started, 1, 0, 100.3), (PassageKind.Answered, 0, 1, 100.5), (PassageKind.Answered, 1, 1, 100.5),
        ], ignoreOrder: true);
        passed.Select(p => p.Time).ShouldBeInOrder();
    }

    /// <summary>nginx counts in milliseconds: whatever is faster takes none, and starts when it ends.</summary>
    [Fact]
    public void AccessLog_AnswersWithinAMillisecond_EndAfterTheyStart()
    {
        AccessLog log = new(Servers, lag: 0);
        for (int request = 0; request < 100; request++)
        {
            log.Add($"1000.000 127.0.0.1:700{1 + request % 2} 0.000 {(request % 3 == 0 ? 502 : 200)}", 0);
        }
        IReadOnlyList<Passage> passed = log.Until(Ticks.PerSecond);
        passed.Count(p => p.Kind == PassageKind.Started).ShouldBe(100);
        passed.ShouldAllBe(p => p.InFlight == (p.Kind == PassageKind.Started ? 0 : 1));
    }

    /// <summary>Somebody sets this machine's clock an hour on: what passes then is not told an hour later.</summary>
    [Fact]
    public void AccessLog_ClockIsSetForward_GoesOnAtOnce()
    {
        AccessLog log = new(Servers, lag: 0);
        log.Add("1000.000 127.0.0.1:7001 0.010 200", 100 * Ticks.PerSecond);
        log.Add("4601.000 127.0.0.1:7001 0.010 200", 101 * Ticks.PerSecond);
        log.Until(101 * Ticks.PerSecond).Count(p => p.Kind == PassageKind.Answered).ShouldBe(2);
    }

    /// <summary>Nor does the time stand still until the clock is where it was.</summary>
    [Fact]
    public void AccessLog_ClockIsSetBack_GoesOnAtOnce()
    {
        AccessLog log = new(Servers, lag: 0);
        log.Add("4600.000 127.0.0.1:7001 0.010 200", 100 * Ticks.PerSecond);
        log.Add("1001.000 127.0.0.1:7001 0.010 200", 101 * Ticks.PerSecond);
        log.Add("1003.000 127.0.0.1:7001 0.010 200", 103 * Ticks.PerSecond);
        log.Until(103 * Ticks.PerSecond).Where(p => p.Kind == PassageKind.Answered).Select(p => p.Time / Ticks.PerSecond)
            .ShouldBe([100L, 101, 103]);
    }

    [Fact]
    public void Nginx_Upstream_IsInTheOrderThatNginxWants()
    {
        NginxTarget target = new("", "web", ["keepalive 8", "least_conn"], "", "", default);
        NginxBalancer.Upstream(target, Servers, [0.5f, 1.5f]).ShouldBe(
            """
            # Written by 'akkalb steer'.
            upstream web {
              least_conn;
              server 127.0.0.1:7001 weight=10;
              server 127.0.0.1:7002 weight=30;
              keepalive 8;
            }

            """);
    }

    [Fact]
    public void Envoy_Assignment_IsADiscoveryResponse()
    {
        using JsonDocument document = JsonDocument.Parse(EnvoyBalancer.Assignment("web", Servers, [0.5f, 1.5f]));
        // Fields and types of envoy.config.endpoint.v3.ClusterLoadAssignment; others would be refused.
        JsonElement assignment = document.RootElement.GetProperty("resources").EnumerateArray().Single();
        assignment.EnumerateObject().Select(p => p.Name).ShouldBe(["@type", "cluster_name", "endpoints"]);
        assignment.GetProperty("@type").GetString().ShouldBe("type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment");
        assignment.GetProperty("cluster_name").GetString().ShouldBe("web");
        JsonElement locality = assignment.GetProperty("endpoints").EnumerateArray().Single();
        JsonElement[] endpoints = [.. locality.GetProperty("lb_endpoints").EnumerateArray()];
        endpoints.Select(e => e.GetProperty("load_balancing_weight").GetInt32()).ShouldBe([50, 150]);
        JsonElement address = endpoints[1].GetProperty("endpoint").GetProperty("address").GetProperty("socket_address");
        (address.GetProperty("address").GetString(), address.GetProperty("port_value").GetInt32()).ShouldBe(("127.0.0.1", 7002));
    }

    [Fact]
    public void Envoy_Clusters_GiveCountersByAddress()
    {
        const string Text = "web::default_priority::max_connections::1024\nweb::127.0.0.1:7002::rq_active::3\n"
            + "web::127.0.0.1:7002::rq_success::40\nweb::127.0.0.1:7002::rq_error::2\n"
            + "web::127.0.0.1:7002::health_flags::healthy\nother::127.0.0.1:7001::rq_active::9\n";
        EnvoyBalancer.Read(Text, "web", Servers).ShouldBe([null, new ServerCounters(3, 40, 2)]);
    }

    [Fact]
    public async Task HaproxyAgent_Check_IsAnsweredWithThePercent()
    {
        await using HaproxyAgent agent = new(new IPEndPoint(IPAddress.Loopback, 0), "", TimeProvider.System, _ => { });
        (await CheckAsync(agent, "s1")).ShouldBe("\n");
        agent.Set(new Dictionary<string, int> { ["s1"] = 37 });
        (await CheckAsync(agent, "s1")).ShouldBe("37%\n");
        (await CheckAsync(agent, "other")).ShouldBe("\n");
    }

    [Fact]
    public async Task HaproxyAgent_ChecksCannotBeAccepted_GoesOnAfterAPauseAndTellsOnce()
    {
        using CancellationTokenSource stop = new();
        FakeTimeProvider time = new();
        List<string?> told = [];
        int asked = 0, answered = 0;
        Task accepting = HaproxyAgent.AcceptAsync(
            _ =>
            {
                if (++asked == 4)
                {
                    stop.Cancel();
                }
                return asked < 3
                    ? throw new SocketException((int)SocketError.TooManyOpenSockets)
                    : ValueTask.FromResult(new TcpClient());
            },
            client =>
            {
                client.Dispose();
                answered++;
            },
            time, told.Add, stop.Token);
        asked.ShouldBe(1);
        time.Advance(HaproxyAgent.Pause);
        await Eventually.BecomesTrue(() => asked == 2, "it was asked again");
        time.Advance(HaproxyAgent.Pause);
        await accepting;
        answered.ShouldBe(2);
        told.Count.ShouldBe(2);
        told[0]!.ShouldStartWith("agent checks cannot be accepted: ");
        told[1].ShouldBeNull();
    }

    [Fact]
    public async Task HaproxyAgent_AddressIsTaken_NamesFileAndKey()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        string folder = Directory.CreateTempSubdirectory("akkalb-steer-").FullName, file = Path.Combine(folder, "steer.conf");
        await File.WriteAllTextAsync(file, $$"""
            akkalb.steer { state = "{{folder}}/state", balancers.web {
              servers.a {}, haproxy { backend = web, by = agent, agent = "{{other.LocalEndpoint}}" } } }
            """);
        (await Should.ThrowAsync<InvalidInputException>(
            () => SteerService.StartAsync(SteerReader.Load(file, []), TextWriter.Null, TimeProvider.System))).Message.ShouldStartWith(
            $"{file}: 'akkalb.steer.balancers.web.haproxy.agent' is '{other.LocalEndpoint}', expected an address that agent checks can be");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task GrowingFile_LinesThatCome_AreReadOnceAndWhole()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("akkalb-log-").FullName, "log");
        await File.WriteAllTextAsync(path, "old\n");
        using GrowingFile file = new(path);
        (await file.ReadAsync(default)).ShouldBeEmpty();
        await File.AppendAllTextAsync(path, "one\ntwo\nhal");
        (await file.ReadAsync(default)).ShouldBe(["one", "two"]);
        await File.AppendAllTextAsync(path, "f\n");
        (await file.ReadAsync(default)).ShouldBe(["half"]);
        await File.WriteAllTextAsync(path, "new\n");
        (await file.ReadAsync(default)).ShouldBe(["new"]);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task GrowingFile_RotatedToALongerOne_IsReadToItsEndAndTheNextFromItsStart()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("akkalb-log-").FullName, "log");
        await File.WriteAllTextAsync(path, "old\n");
        using GrowingFile file = new(path);
        (await file.ReadAsync(default)).ShouldBeEmpty();
        File.Move(path, path + ".1");
        await File.WriteAllTextAsync(path, "");
        await File.AppendAllTextAsync(path + ".1", "late\n");
        (await file.ReadAsync(default)).ShouldBe(["late"]);
        await File.AppendAllTextAsync(path + ".1", "last\n");
        await File.AppendAllTextAsync(path, "first of the next one\nsecond\n");
        (await file.ReadAsync(default)).ShouldBe(["last", "first of the next one", "second"]);
        File.Delete(path);
        await File.WriteAllTextAsync(path, "first of one that is longer than both of those\n");
        (await file.ReadAsync(default)).ShouldBe(["first of one that is longer than both of those"]);
        (await file.ReadAsync(default)).ShouldBeEmpty();
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Theory]
    [InlineData("kind = apache", "'akkalb.steer.balancers.web.kind' is 'apache', expected haproxy, nginx, envoy")]
    [InlineData("haproxy.backend = \"\"",
        "'akkalb.steer.balancers.web.haproxy.backend' is '', expected the name of a backend or listen section")]
    [InlineData("kind = nginx, servers.a.address = here",
        "'akkalb.steer.balancers.web.servers.a.address' is 'here', expected ADDRESS:PORT")]
    [InlineData("kind = nginx, servers.a.address = \"127.0.0.1\"",
        "'akkalb.steer.balancers.web.servers.a.address' is '127.0.0.1', expected ADDRESS:PORT")]
    [InlineData("kind = nginx, servers.a.address = \"127.0.0.1:01\"",
        "'akkalb.steer.balancers.web.servers.a.address' is '127.0.0.1:01', expected ADDRESS:PORT")]
    [InlineData("haproxy { by = agent, agent = \"127.0.0.1\" }",
        "'akkalb.steer.balancers.web.haproxy.agent' is '127.0.0.1', expected ADDRESS:PORT")]
    [InlineData("period = 100us", "'akkalb.steer.balancers.web.period' is '100us', expected a duration above 0, such as 500ms, from 1ms")]
    [InlineData("}, akkalb.steer { state = \"\"", "'akkalb.steer.state' is '', expected a folder")]
    [InlineData("}, akkalb.steer.balancers.\"a b\" {", "'akkalb.steer.balancers' has the name 'a b', expected names of letters")]
    [InlineData("haproxy.socket = \"\"", "'akkalb.steer.balancers.web.haproxy.socket' is '', expected the path of HAProxy's stats socket")]
    [InlineData("kind = nginx, nginx.log = \"\"", "'akkalb.steer.balancers.web.nginx.log' is '', expected the path of an access log")]
    [InlineData("kind = nginx, nginx.name = \"a b;{\"", "'akkalb.steer.balancers.web.nginx.name' is 'a b;{', expected an upstream's name")]
    [InlineData("kind = nginx, servers.b.address = \"127.0.0.1:1\"",
        "'akkalb.steer.balancers.web.servers.b.address' is '127.0.0.1:1', expected another address than that of a")]
    [InlineData("haprox {}", "unknown key 'akkalb.steer.balancers.web.haprox'; did you mean 'akkalb.steer.balancers.web.haproxy'?")]
    public void Reader_SomethingWrong_NamesFileKeyAndWhatWasExpected(string line, string problem)
    {
        string text = $$"""
            akkalb.steer.balancers.web { servers { a { address = "127.0.0.1:1" } }, haproxy.backend = web }
            akkalb.steer.balancers.web { {{line}} }
            """;
        Should.Throw<InvalidInputException>(() => SteerReader.Read(ConfigurationLoader.Parse(text, "test.conf"), "test.conf"))
            .Message.ShouldStartWith("test.conf: " + problem);
    }

    private static async Task<string> CheckAsync(HaproxyAgent agent, string name)
    {
        using TcpClient client = new();
        await client.ConnectAsync(agent.Address);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(name + "\n"));
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync();
    }
}
