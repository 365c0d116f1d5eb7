using System.Net.Http;
using AkkaLb.Live.Proxy.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>A question of the proxy's own to a server, in the version of HTTP and with the host of the requests that it forwards.</summary>
internal static class ServerRequest
{
    public static HttpRequestMessage Get(DestinationConfig server, string path, ForwardOptions forward) =>
        new(HttpMethod.Get, new Uri(new Uri(server.Address), path))
        {
            Headers = { Host = server.Host },
            Version = forward.Version, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
}
