using AkkaLb.Live.Proxy.Balancing;

namespace AkkaLb.Live.Testbed;

/// <summary>All balancers by name.</summary>
internal static class Balancers
{
    /// <summary>Policies of <c>akkalb proxy</c>, and the algorithms of its peers.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. PolicyNames.All, .. HaproxyBalancer.Algorithms.Keys, .. NginxBalancer.Methods.Keys];

    public static IBalancer Of(Contender contender, TestbedOptions options) =>
        HaproxyBalancer.Algorithms.TryGetValue(contender.Balancer, out string? algorithm) ? new HaproxyBalancer(options.Haproxy, algorithm)
        : NginxBalancer.Methods.TryGetValue(contender.Balancer, out string? method) ? new NginxBalancer(options.Nginx, method)
        : new ProxyBalancer(options.AkkaLb, contender.Balancer, options.Policy, options.ProxySettings);
}
