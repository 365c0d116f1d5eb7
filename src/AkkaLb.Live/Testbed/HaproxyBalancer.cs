using System.Text;
using AkkaLb.Live.TestServers;

namespace AkkaLb.Live.Testbed;

/// <summary>HAProxy with one thread, active health checks every second, and another server after a failed connection.</summary>
internal sealed class HaproxyBalancer(string program, string algorithm) : IBalancer
{
    private const string File = "haproxy.cfg";

    /// <summary>By the contender's name, HAProxy's.</summary>
    public static readonly IReadOnlyDictionary<string, string> Algorithms = new Dictionary<string, string>
    {
        ["haproxy-leastconn"] = "leastconn",
        ["haproxy-roundrobin"] = "roundrobin",
        ["haproxy-random"] = "random",
    };

    public BalancerStart Prepare(BalancerPlace place)
    {
        StringBuilder text = new($"""
            global
                nbthread 1
                maxconn 4000
            defaults
                mode http
                timeout connect 1s
                timeout client 60s
                timeout server 60s
                retries 2
                option redispatch 1
            frontend web
                bind 127.0.0.1:{place.Port}
                default_backend servers
            backend servers
                balance {algorithm}
                option httpchk GET {TestServer.HealthPath}
                default-server check inter 1s fall 2 rise 1

            """);
        for (int i = 0; i < place.Servers.Count; i++)
        {
            text.Append($"    server s{i} {place.Servers[i]} weight {place.Weights[i]}\n");
        }
        return new BalancerStart(program, ["-db", "-f", place.FileIn(File)], new Dictionary<string, string> { [File] = text.ToString() });
    }
}
