using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace AkkaLb.Bench.Live;

/// <summary>YARP as it comes, with its power of two choices: what our proxy is compared with.</summary>
internal static class PlainYarp
{
    /// <param name="arguments">PORT, then targets.</param>
    public static int Run(string[] arguments)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenLocalhost(int.Parse(arguments[0], CultureInfo.InvariantCulture));
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "servers", Match = new RouteMatch { Path = "/{**rest}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "servers",
                    Destinations = arguments[1..].Index().ToDictionary(a => $"s{a.Index}", a => new DestinationConfig { Address = a.Item }),
                },
            ]);
        WebApplication web = builder.Build();
        web.MapReverseProxy();
        web.Run();
        return 0;
    }
}
