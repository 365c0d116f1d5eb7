using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Live.Tests.Proxy.Configuration;

public class ProxyReaderTests
{
    private const string Least = """
        akkalb.proxy {
          listeners.web.address = "http://127.0.0.1:0"
          clusters.web.servers { a.address = "http://127.0.0.1:7001", b { address = "http://127.0.0.1:7002", weight = 2.5 } }
        }
        """;

    [Fact]
    public void Load_ServersAlone_HasAllDefaults()
    {
        ProxyOptions options = Read(Least);
        options.Name.ShouldBe("proxy");
        options.Routes.ShouldBeEmpty();
        options.Admin!.EndPoint.Port.ShouldBe(9901);
        ClusterOptions cluster = options.Clusters.ShouldHaveSingleItem();
        cluster.Policy.ShouldBe("learned");
        cluster.Servers.ShouldBe([
            new ServerOptions("a", new Uri("http://127.0.0.1:7001"), 1), new ServerOptions("b", new Uri("http://127.0.0.1:7002"), 2.5)]);
        // What the file's reference says is what the options begin with.
        cluster.Learned.ShouldBe(new LearnedOptions());
        cluster.Ejection.ShouldBe(new EjectionOptions());
        cluster.Retries.ShouldBe(new RetryOptions());
        (cluster.FailureHold, cluster.SlowStart, cluster.Floor).ShouldBe((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), 0.002));
    }

    [Fact]
    public void Load_Example_IsValid()
    {
        string path = Path.Combine(Root(), "hocon", "live", "proxy.conf");
        ProxyReader.Load(path, []).Clusters[0].Servers.Count.ShouldBe(7);
    }

    [Fact]
    public void Load_Overrides_WinOverTheFile()
    {
        ProxyOptions options = Read(Least, "clusters.web.policy=sed", "akkalb.journal.synchronous=off", "name=other");
        options.Clusters[0].Policy.ShouldBe("sed");
        options.Resolved.GetString("akkalb.journal.synchronous", "").ShouldBe("off");
        options.Name.ShouldBe("other");
    }

    [Theory]
    [InlineData("clusters.web.polcy = sed",
        "unknown key 'akkalb.proxy.clusters.web.polcy'; did you mean 'akkalb.proxy.clusters.web.policy'?")]
    [InlineData("clusters.web.policy = best", "'akkalb.proxy.clusters.web.policy' is 'best', expected learned, sed, ")]
    [InlineData("clusters.web.servers.a.weight = 0",
        "'akkalb.proxy.clusters.web.servers.a.weight' is '0', expected a number from 1E-06 to 1000000")]
    [InlineData("clusters.web.servers.a.address = here",
        "'akkalb.proxy.clusters.web.servers.a.address' is 'here', expected http://HOST:PORT")]
    [InlineData("clusters.web = 3", "'akkalb.proxy.clusters.web' is a section, found a value")]
    [InlineData("clusters = 3", "'akkalb.proxy.clusters' is a section, found a value; expected names, each with a section")]
    [InlineData("clusters.web.policy { a = 1 }", "'akkalb.proxy.clusters.web.policy' is a value, found a section")]
    [InlineData("routes.all.cluster = wbe", "'akkalb.proxy.routes.all.cluster' is 'wbe', expected web")]
    [InlineData("listeners.web.address = \"https://127.0.0.1:0\"",
        "'akkalb.proxy.listeners.web.certificate' is '', expected the file of a certificate")]
    [InlineData("listeners.web.address = \"http://example.org\"",
        "'akkalb.proxy.listeners.web.address' is 'http://example.org', expected http://ADDRESS:PORT")]
    [InlineData("admin.address = \"http://0.0.0.0:9901\"",
        "'akkalb.proxy.admin.token' is '', expected a token, as the admin address is not loopback")]
    [InlineData("name = \"a b\"", "'akkalb.proxy.name' is 'a b', expected letters, digits, - and _")]
    [InlineData("clusters.\"a.b\" {}", "'akkalb.proxy.clusters' has the name 'a.b', expected names of letters, digits, - and _")]
    [InlineData("clusters.\"é\" {}", "'akkalb.proxy.clusters' has the name 'é', expected names of letters, digits, - and _")]
    [InlineData("clusters.web.affinity.cookie = \"a b;\"",
        "'akkalb.proxy.clusters.web.affinity.cookie' is 'a b;', expected the name of a cookie")]
    [InlineData("clusters.web.servers.A.address = \"http://127.0.0.1:1\"",
        "'akkalb.proxy.clusters.web.servers' has 'a' and 'A', expected names that differ in more than case")]
    [InlineData("clusters.WEB {}", "'akkalb.proxy.clusters' has 'web' and 'WEB', expected names that differ in more than case")]
    [InlineData("routes { r.cluster = web, R.cluster = web }",
        "'akkalb.proxy.routes' has 'r' and 'R', expected names that differ in more than case")]
    [InlineData("clusters.web.health.path = health",
        "'akkalb.proxy.clusters.web.health.path' is 'health', expected a path such as \"/health\"")]
    [InlineData("limits.header-timeout = 0", "'akkalb.proxy.limits.header-timeout' is '0', expected a duration above 0")]
    [InlineData("reload = 25d", "'akkalb.proxy.reload' is '25d', expected 0, or a duration such as 500ms, from 1ms to 24d")]
    [InlineData("clusters.web.forward.connect-timeout = 25d",
        "'akkalb.proxy.clusters.web.forward.connect-timeout' is '25d', expected a duration above 0, such as 500ms, from 1ms to 24d")]
    [InlineData("reload = 100us", "'akkalb.proxy.reload' is '100us', expected 0, or a duration such as 500ms, from 1ms to 24d")]
    [InlineData("clusters.web.dns = 100us", "'akkalb.proxy.clusters.web.dns' is '100us', expected 0, or a duration")]
    [InlineData("clusters.web.health.interval = 100us",
        "'akkalb.proxy.clusters.web.health.interval' is '100us', expected a duration above 0")]
    [InlineData("clusters.web.health.path = \"//other/health\"",
        "'akkalb.proxy.clusters.web.health.path' is '//other/health', expected a path")]
    [InlineData("state = \"\"", "'akkalb.proxy.state' is '', expected a folder")]
    [InlineData("clusters.web.servers.\"\".address = \"http://127.0.0.1:1\"",
        "'akkalb.proxy.clusters.web.servers' has the name '', expected names of at most 100 characters")]
    [InlineData("clusters.web.servers.\"a[127.0.0.1]\".address = \"http://127.0.0.1:1\"",
        "'akkalb.proxy.clusters.web.servers' has the name 'a[127.0.0.1]', expected names")]
    [InlineData("clusters.web.servers.c.address = \"http://127.0.0.1:1/?x=1\"",
        "'akkalb.proxy.clusters.web.servers.c.address' is 'http://127.0.0.1:1/?x=1', expected http://HOST:PORT or https://HOST:PORT")]
    [InlineData("clusters.web.servers.c.address = \"http://u:p@127.0.0.1:1\"",
        "'akkalb.proxy.clusters.web.servers.c.address' is 'http://u:p@127.0.0.1:1', expected http://HOST:PORT or https://HOST:PORT")]
    [InlineData("clusters.web.servers.c { address = \"http://127.0.0.1:1\", weight = 1e-50 }",
        "'akkalb.proxy.clusters.web.servers.c.weight' is '1e-50', expected a number from 1E-06 to 1000000")]
    [InlineData("limits.keep-alive = 0s", "'akkalb.proxy.limits.keep-alive' is '0s', expected a duration above 0")]
    [InlineData("limits.header = 2000000", "'akkalb.proxy.limits.header' is '2000000', expected an integer from 1024 to 1048576")]
    [InlineData("clusters.web.learned.period = 0s", "'akkalb.proxy.clusters.web.learned.period' is '0s', expected a duration above 0")]
    public void Load_SomethingWrong_NamesFileKeyAndWhatWasExpected(string line, string problem)
    {
        InvalidInputException thrown = Should.Throw<InvalidInputException>(() => Read($"{Least}\nakkalb.proxy {{ {line} }}"));
        thrown.Message.ShouldStartWith("test.conf: " + problem);
    }

    [Theory]
    [InlineData("clusters.web.learned.period=0s", "'akkalb.proxy.clusters.web.learned.period' is '0s', expected a duration above 0")]
    [InlineData("clusters.web.polcy=sed", "unknown key 'akkalb.proxy.clusters.web.polcy'; did you mean")]
    public void Load_OverrideIsWrong_NamesIt(string pair, string problem) =>
        Should.Throw<InvalidInputException>(() => Read(Least, pair)).Message.ShouldStartWith($"--set {pair}: {problem}");

    [Theory]
    [InlineData("proxy {}", "test.conf: unknown key 'proxy'; expected everything under 'akkalb.proxy' or 'akkalb.steer'")]
    [InlineData("akkalb.prxy {}", "test.conf: unknown key 'akkalb.prxy'; did you mean 'akkalb.proxy'?")]
    [InlineData("akkalb.network {}", "test.conf: unknown key 'akkalb.network'; it is for 'akkalb run'")]
    [InlineData("akkalb.testbed {}", "test.conf: unknown key 'akkalb.testbed'; it is for 'akkalb testbed'")]
    [InlineData("akkalb.balancing {}", "test.conf: unknown key 'akkalb.balancing'; expected proxy, journal, steer")]
    [InlineData("akkalb.steer {}", "test.conf: expected a section akkalb.proxy, found akkalb.steer, which is for 'akkalb steer'")]
    [InlineData("akkalb.journal.synchronous = off", "test.conf: expected a section akkalb.proxy, found nothing of it")]
    [InlineData("", "test.conf: expected a section akkalb.proxy, found nothing of it")]
    [InlineData("akkalb.proxy { clusters.web.servers.a.address = \"http://127.0.0.1\" }",
        "test.conf: 'akkalb.proxy.listeners' has nothing in it")]
    public void Load_NoProxy_SaysWhatIsMissing(string text, string problem) =>
        Should.Throw<InvalidInputException>(() => Read(text)).Message.ShouldStartWith(problem);

    private static ProxyOptions Read(string text, params string[] overrides) =>
        ProxyReader.Read(ConfigurationLoader.Parse(text, "test.conf"), "test.conf", overrides);

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AkkaLb.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }
        return folder;
    }
}
