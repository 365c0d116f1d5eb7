using System.Globalization;
using System.Text;
using AkkaLb.Live.TestServers;

namespace AkkaLb.Live.Testbed;

/// <summary><c>akkalb proxy</c> with one of its policies, active health checks every second, and everything else as it comes.</summary>
/// <param name="command">What starts <c>akkalb</c>: a program and its first arguments.</param>
/// <param name="trained">Run folder of a policy from which <c>learned</c> starts; empty: none.</param>
/// <param name="settings">More lines of the cluster's section.</param>
internal sealed class ProxyBalancer(IReadOnlyList<string> command, string policy, string trained, IReadOnlyList<string> settings)
    : IBalancer
{
    private const string File = "proxy.conf";

    /// <summary>As the launcher starts a proxy: what it does for every request is worth compiling twice.</summary>
    private static readonly Dictionary<string, string?> Compilation = new()
    {
        ["DOTNET_TieredPGO"] = "1",
        ["DOTNET_TC_CallCountThreshold"] = "30",
    };

    public BalancerStart Prepare(BalancerPlace place)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $$"""
            akkalb.proxy {
              name = proxy-{{place.Index}}
              seed = {{place.Seed}}
              state = "{{place.FileIn("state")}}"
              reload = 0
              listeners.web.address = "http://127.0.0.1:{{place.Port}}"
              admin.address = ""
              clusters.servers {
                policy = {{policy}}
                request-ids = off
                health { path = "{{TestServer.HealthPath}}", interval = 1s, fall = 2, rise = 1 }
                learned { policy = "{{trained}}", balancer = {{place.Index}} }
                servers {

            """);
        for (int i = 0; i < place.Servers.Count; i++)
        {
            text.Append($"      s{i} {{ address = \"http://{place.Servers[i]}\", weight = {place.Weights[i]} }}\n");
        }
        text.Append("    }\n");
        foreach (string line in settings)
        {
            text.Append($"    {line}\n");
        }
        text.Append("  }\n}\nakkalb.journal.synchronous = normal\n");
        return new BalancerStart(
            command[0], [.. command.Skip(1), "proxy", place.FileIn(File)], new Dictionary<string, string> { [File] = text.ToString() })
        {
            Environment = Compilation,
        };
    }
}
