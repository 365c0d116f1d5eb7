using AkkaLb.Live.Proxy.Hosting;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>
/// Stands before YARP's session affinity, and leaves out servers that are out of use: whoever was bound to one is bound to another, once.
/// </summary>
internal sealed class AffinityMiddleware(RequestDelegate next, ClusterRegistry clusters)
{
    public Task InvokeAsync(HttpContext context)
    {
        IReverseProxyFeature proxy = context.GetReverseProxyFeature();
        if (proxy.Cluster.Config.SessionAffinity is not null
            && clusters.TryGet(proxy.Cluster.Config.ClusterId, out BalancedCluster? cluster))
        {
            proxy.AvailableDestinations = cluster.InUse(proxy.AllDestinations);
        }
        return next(context);
    }
}
