using System.Globalization;
using System.Net.Http;
using System.Text;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>A proxy's configuration as YARP takes it.</summary>
internal static class YarpConfiguration
{
    /// <summary>Of headers on both sides: every byte is a character and comes out as it came in, whatever its encoding was.</summary>
    public static Encoding HeaderEncoding => Encoding.Latin1;

    public static IReadOnlyList<RouteConfig> Routes(ProxyOptions options) => options.Routes.Count == 0
        ? [new RouteConfig { RouteId = "all", ClusterId = options.Clusters[0].Name, Match = new RouteMatch { Path = "/{**rest}" } }]
        :
        [
            .. options.Routes.Select(route => new RouteConfig
            {
                RouteId = route.Name,
                ClusterId = route.Cluster,
                Order = route.Order,
                Match = new RouteMatch
                {
                    Path = route.Path,
                    Hosts = route.Hosts.Count > 0 ? route.Hosts : null,
                    Methods = route.Methods.Count > 0 ? route.Methods : null,
                },
            }),
        ];

    public static ClusterConfig Cluster(ClusterOptions cluster, IEnumerable<ServerOptions> servers) => new()
    {
        ClusterId = cluster.Name,
        Metadata = ProxyClientFactory.Metadata(cluster.Forward),
        Destinations = servers.ToDictionary(server => server.Name, server => new DestinationConfig
        {
            Address = server.Address.AbsoluteUri,
            Host = server.HostHeader,
            Metadata = new Dictionary<string, string>
            {
                [ClusterServers.WeightKey] = server.Weight.ToString("R", CultureInfo.InvariantCulture),
            },
        }),
        HttpRequest = new ForwarderRequestConfig
        {
            ActivityTimeout = cluster.Forward.Timeout,
            Version = cluster.Forward.Version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        },
        HttpClient = new HttpClientConfig
        {
            MaxConnectionsPerServer = cluster.Forward.Connections,
            DangerousAcceptAnyServerCertificate = !cluster.Forward.Verify,
            EnableMultipleHttp2Connections = true,
        },
        SessionAffinity = cluster.AffinityCookie is { } cookie
            ? new SessionAffinityConfig { Enabled = true, Policy = "HashCookie", FailurePolicy = "Redistribute", AffinityKeyName = cookie }
            : null,
    };
}
