using System.Text.Json;
using AkkaLb.Agents.Journals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaLb.Runtime.Cluster;

/// <summary>What a node answers over HTTP.</summary>
internal static class NodeEndpoints
{
    public const string Live = "/health/live", Ready = "/health/ready", Status = "/status", Counts = "/counts";

    public static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static void Map(IEndpointRouteBuilder endpoints, NodeWatch watch)
    {
        Map(endpoints, Live, () => watch.IsAlive);
        Map(endpoints, Ready, () => watch.IsReady);
        endpoints.MapGet(Status, async (HttpContext context) =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(JsonSerializer.Serialize(await watch.StatusAsync(), Json));
        });
        endpoints.MapGet(Counts, async (HttpContext context) =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(JsonSerializer.Serialize(new NodeCounts(JournalledActor.EventsStored), Json));
        });
    }

    private static void Map(IEndpointRouteBuilder endpoints, string path, Func<bool> isWell) => endpoints.MapGet(path, async (HttpContext context) =>
    {
        bool well = isWell();
        context.Response.StatusCode = well ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsync(well ? "ok\n" : "no\n");
    });
}

/// <summary>What a node has done since it started.</summary>
public sealed record NodeCounts(long EventsStored);
