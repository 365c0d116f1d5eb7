using System.Text.Json;
using AkkaLb.Agents.Journals;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaLb.Runtime.Cluster;

/// <summary>What a node answers over HTTP.</summary>
internal static class NodeEndpoints
{
    public const string Live = "/health/live", Ready = "/health/ready",
        Status = "/status", Counts = "/counts", Agents = "/agents", Timeline = "/timeline";

    public static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static void Map(IEndpointRouteBuilder endpoints, NodeWatch watch)
    {
        Map(endpoints, Live, () => watch.IsAlive ? null : "the actor system has ended");
        Map(endpoints, Ready, () => watch.Unready);
        Map(endpoints, Status, watch.StatusAsync);
        Map(endpoints, Agents, watch.AgentsAsync);
        Map(endpoints, Timeline, watch.TimelineAsync);
        TelemetryExport.Map(endpoints);
        Map(endpoints, Counts, () => Task.FromResult(new NodeCounts(JournalledActor.EventsStored)));
    }

    /// <param name="problem">Null: all is well.</param>
    private static void Map(IEndpointRouteBuilder endpoints, string path, Func<string?> problem) =>
        endpoints.MapGet(path, async (HttpContext context) =>
        {
            string? wrong = problem();
            context.Response.StatusCode = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(wrong is null ? "ok\n" : $"no: {wrong}\n");
        });

    private static void Map<T>(IEndpointRouteBuilder endpoints, string path, Func<Task<T>> answer) =>
        endpoints.MapGet(path, async (HttpContext context) =>
        {
            try
            {
                await context.Response.WriteAsJsonAsync(await answer(), Json);
            }
            catch (RunFailedException e)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await context.Response.WriteAsync(e.Message + "\n");
            }
        });
}

/// <summary>What a node has done since it started.</summary>
internal sealed record NodeCounts(long EventsStored);
