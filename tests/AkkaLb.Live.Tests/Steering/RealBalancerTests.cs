using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Steering;
using AkkaLb.Live.Tests.Proxy;
using AkkaLb.Live.Tests.Proxy.Hosting;
using Microsoft.AspNetCore.Http;

namespace AkkaLb.Live.Tests.Steering;

/// <summary>The whole way with Debian's HAProxy and nginx: seen, learnt, steered. Skipped where they are not installed.</summary>
public class RealBalancerTests
{
    [SkippableTheory]
    [InlineData("weight")]
    [InlineData("agent")]
    public async Task Haproxy_SlowServer_GetsLessWeight(string by)
    {
        string? program = OtherBalancer.Find("haproxy");
        Skip.If(program is null, "haproxy is not installed");
        await using Backend fast = await Backend.StartAsync("fast"), slow = await Backend.StartSlowAsync(TimeSpan.FromMilliseconds(10));
        int agent = FreePort();
        string check = by == "agent"
            ? "agent-check agent-inter 100ms agent-addr 127.0.0.1 agent-port " + agent + " agent-send \"{0}\\n\""
            : "";
        await using OtherBalancer haproxy = await HaproxyAsync(
            program, $"server fast {fast.Address.Authority} weight 100 {check.Replace("{0}", "fast", StringComparison.Ordinal)}",
            $"server slow {slow.Address.Authority} weight 100 {check.Replace("{0}", "slow", StringComparison.Ordinal)}");
        HaproxySocket socket = SocketOf(haproxy);
        string options = Options(haproxy, $"100ms, haproxy {{ by = {by}, agent = \"127.0.0.1:{agent}\" }}");
        await SteerAsync(haproxy, options, async () =>
            Weight(await socket.AskAsync("get weight web/fast", default))
                > 2 * Weight(await socket.AskAsync("get weight web/slow", default)));
        // Whoever steered is gone: the weights stay.
        Weight(await socket.AskAsync("get weight web/slow", default)).ShouldBeLessThan(80);
    }

    /// <summary>It then has the weights of its file, which the agent has no reason to decide on anew.</summary>
    [SkippableFact]
    public async Task Haproxy_IsRestarted_GetsTheLastWeightsAgain()
    {
        string? program = OtherBalancer.Find("haproxy");
        Skip.If(program is null, "haproxy is not installed");
        await using Backend fast = await Backend.StartAsync("fast"), slow = await Backend.StartSlowAsync(TimeSpan.FromMilliseconds(10));
        await using OtherBalancer haproxy = await HaproxyAsync(
            program, $"server fast {fast.Address.Authority} weight 100", $"server slow {slow.Address.Authority} weight 100");
        HaproxySocket socket = SocketOf(haproxy);
        bool isRestarted = false;
        await SteerAsync(haproxy, Options(haproxy, "100ms, hysteresis = 0.5"), async () =>
        {
            bool isSteered = Weight(await socket.AskAsync("get weight web/slow", default)) != 100;
            if (isSteered && !isRestarted)
            {
                await haproxy.RestartAsync();
                isRestarted = true;
                return false;
            }
            return isSteered;
        });
    }

    [SkippableFact]
    public async Task Nginx_SlowServer_GetsLessWeight()
    {
        string? program = OtherBalancer.Find("nginx");
        Skip.If(program is null, "nginx is not installed");
        await using Backend fast = await Backend.StartAsync("fast"), slow = await Backend.StartSlowAsync(TimeSpan.FromMilliseconds(10));
        await using OtherBalancer nginx = await OtherBalancer.StartAsync(
            program,
            (folder, port) =>
            {
                string upstream = $"upstream servers {{ least_conn; server {fast.Address.Authority}; server {slow.Address.Authority}; }}\n";
                File.WriteAllText(Path.Combine(folder, "upstream.conf"), upstream);
                return $$"""
                    worker_processes 1; daemon off; pid {{folder}}/nginx.pid; error_log {{folder}}/error.log;
                    events { worker_connections 256; }
                    http {
                      log_format akkalb '$msec $upstream_addr $upstream_response_time $upstream_status';
                      access_log {{folder}}/akkalb.log akkalb;
                      client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/fastcgi;
                      uwsgi_temp_path {{folder}}/uwsgi; scgi_temp_path {{folder}}/scgi;
                      include {{folder}}/upstream.conf;
                      server { listen 127.0.0.1:{{port}}; location / { proxy_pass http://servers; } }
                    }

                    """;
            },
            file => ["-c", file, "-e", file + ".log"]);
        string options = $$"""
            akkalb.steer { state = "{{nginx.Folder}}/state", balancers.web {
              kind = nginx, period = 20ms, decide = 100ms, least-interval = 300ms
              servers { fast.address = "{{fast.Address.Authority}}", slow.address = "{{slow.Address.Authority}}" }
              nginx { upstream = "{{nginx.Folder}}/upstream.conf", lines = [least_conn], log = "{{nginx.Folder}}/akkalb.log",
                pid = "{{nginx.Folder}}/nginx.pid", lag = 100ms } } }
            akkalb.journal.synchronous = off
            """;
        await SteerAsync(nginx, options, async () =>
        {
            string text = await File.ReadAllTextAsync(Path.Combine(nginx.Folder, "upstream.conf"));
            int[] found = [.. text.Split("weight=").Skip(1).Select(Weight)];
            return found is [var ofFast, var ofSlow] && ofFast > 2 * ofSlow;
        });
        // It goes on, with what was written.
        using HttpClient client = new();
        (await client.GetStringAsync($"http://127.0.0.1:{nginx.Port}/")).ShouldBeOneOf("fast", "slow");
    }

    private static HaproxySocket SocketOf(OtherBalancer haproxy) => new(Path.Combine(haproxy.Folder, "haproxy.sock"));

    private static Task<OtherBalancer> HaproxyAsync(string program, params string[] servers) => OtherBalancer.StartAsync(
        program,
        (folder, port) => $"""
            global
              stats socket {folder}/haproxy.sock level admin
              maxconn 256
            defaults
              mode http
              timeout connect 5s
              timeout client 20s
              timeout server 20s
            listen web
              bind 127.0.0.1:{port}
              balance leastconn
              {string.Join("\n  ", servers)}

            """,
        file => ["-db", "-f", file]);

    /// <param name="interval">Least one between two changes, and more keys.</param>
    private static string Options(OtherBalancer haproxy, string interval) => $$"""
        akkalb.steer { state = "{{haproxy.Folder}}/state", balancers.web {
          kind = haproxy, period = 20ms, decide = 100ms, servers { fast {}, slow {} }
          haproxy { socket = "{{haproxy.Folder}}/haproxy.sock", backend = web }, least-interval = {{interval}} } }
        akkalb.journal.synchronous = off
        """;

    /// <summary>Sends requests while the service steers, until a condition holds.</summary>
    private static async Task SteerAsync(OtherBalancer balancer, string options, Func<Task<bool>> condition)
    {
        string file = Path.Combine(balancer.Folder, "steer.conf");
        await File.WriteAllTextAsync(file, options);
        SharedText notices = new();
        await using SteerService service = await SteerService.StartAsync(
            SteerReader.Load(file, []), notices, TimeProvider.System);
        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{balancer.Port}") };
        await Until.HoldsAsync(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.GetStringAsync("/")));
            return await condition();
        }, () => $"weights of the fast server beyond those of the slow one; notices: {notices}");
    }

    /// <summary>The number at a text's beginning.</summary>
    private static int Weight(string text) =>
        int.Parse(text.Split(' ', ';')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
