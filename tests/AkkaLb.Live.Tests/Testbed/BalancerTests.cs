using AkkaLb.Live.Testbed;
using CliWrap;
using CliWrap.Buffered;

namespace AkkaLb.Live.Tests.Testbed;

public sealed class BalancerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private BalancerStart Prepare(IBalancer balancer)
    {
        BalancerStart start = balancer.Prepare(
            new BalancerPlace(_folder.FullPath, 1, 8080, ["127.0.0.1:8101", "127.0.0.1:8102"], [2, 4], 7));
        foreach ((string name, string content) in start.Files)
        {
            _folder.Write(name, content);
        }
        return start;
    }

    private static async Task ShouldBeValidAsync(string program, params string[] arguments)
    {
        Skip.IfNot(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program))),
            $"{program} is not installed");
        BufferedCommandResult outcome = await Cli.Wrap(program).WithArguments(arguments)
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        outcome.ExitCode.ShouldBe(0, outcome.StandardError);
    }

    [Fact]
    public void Haproxy_File_HasAlgorithmServersAndWeights()
    {
        string text = Prepare(new HaproxyBalancer("haproxy", "leastconn")).Files["haproxy.cfg"];
        text.ShouldContain("balance leastconn\n");
        text.ShouldContain("bind 127.0.0.1:8080\n");
        text.ShouldContain("    server s0 127.0.0.1:8101 weight 2\n    server s1 127.0.0.1:8102 weight 4\n");
    }

    [SkippableTheory]
    [InlineData("leastconn")]
    [InlineData("roundrobin")]
    [InlineData("random")]
    public async Task Haproxy_File_IsOneThatHaproxyTakes(string algorithm)
    {
        Prepare(new HaproxyBalancer("haproxy", algorithm));
        await ShouldBeValidAsync("haproxy", "-c", "-f", _folder["haproxy.cfg"]);
    }

    [Fact]
    public void Nginx_File_HasMethodServersAndWeights()
    {
        string text = Prepare(new NginxBalancer("nginx", "least_conn;")).Files["nginx.conf"];
        text.ShouldContain("least_conn;\n");
        text.ShouldContain("server 127.0.0.1:8101 weight=2 max_fails=2 fail_timeout=1s; server 127.0.0.1:8102 weight=4");
        text.ShouldContain("listen 127.0.0.1:8080;");
    }

    [SkippableTheory]
    [InlineData("nginx-least_conn")]
    [InlineData("nginx-roundrobin")]
    [InlineData("nginx-random-two")]
    public async Task Nginx_File_IsOneThatNginxTakes(string name)
    {
        Prepare(new NginxBalancer("nginx", NginxBalancer.Methods[name]));
        await ShouldBeValidAsync("nginx", "-t", "-e", _folder["error.log"], "-p", _folder.FullPath, "-c", _folder["nginx.conf"]);
    }

    [Fact]
    public void Proxy_File_HasPolicyServersAndWeights()
    {
        BalancerStart start = Prepare(new ProxyBalancer(["dotnet", "akkalb.dll"], "learned", "", ["floor = 0.01"]));
        start.Program.ShouldBe("dotnet");
        start.Arguments.ShouldBe(["akkalb.dll", "proxy", _folder["proxy.conf"]]);
        string text = start.Files["proxy.conf"];
        text.ShouldContain("policy = learned\n");
        text.ShouldContain("s1 { address = \"http://127.0.0.1:8102\", weight = 4 }");
        text.ShouldContain("    floor = 0.01\n");
    }

    [Fact]
    public void Of_EveryName_IsABalancer()
    {
        TestbedOptions options = TestbedReaderTests.Options();
        foreach (string name in Balancers.Names)
        {
            Prepare(Balancers.Of(new Contender(name, ContenderWeights.None), options)).Files.ShouldNotBeEmpty();
        }
    }
}
