using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Live.Steering;

/// <summary>Envoy: observed by <c>/clusters</c> of its admin address, steered by a file of its endpoint discovery.</summary>
internal sealed class EnvoyBalancer(EnvoyTarget target, IReadOnlyList<SteeredServer> servers) : ISteeredBalancer
{
    // Of the mean server. The sum over a locality must stay within 2³².
    private const int Mean = 100, Most = 10_000;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly HttpClient _http = new() { BaseAddress = target.Admin, Timeout = TimeSpan.FromSeconds(5) };
    private readonly CounterSampler _sampler = new(servers.Count);

    public async Task<IReadOnlyList<Passage>> ObserveAsync(long now, CancellationToken cancellation)
    {
        try
        {
            return _sampler.Look(Read(await _http.GetStringAsync("/clusters", cancellation), target.Cluster, servers), now);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new IOException($"{target.Admin}: Envoy's admin address cannot be reached: {e.Message}", e);
        }
    }

    public Task ApplyAsync(IReadOnlyList<float> weights, CancellationToken cancellation) =>
        WholeFile.WriteAsync(target.File, Assignment(target.Cluster, servers, weights), cancellation);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A discovery response with one ClusterLoadAssignment, as Envoy reads it from a file.</summary>
    internal static string Assignment(string cluster, IReadOnlyList<SteeredServer> servers, IReadOnlyList<float> weights)
    {
        int[] whole = WholeWeights.Of(weights, Mean, Most);
        JsonArray endpoints = [];
        for (int j = 0; j < servers.Count; j++)
        {
            IPEndPoint end = IPEndPoint.Parse(servers[j].Address);
            endpoints.Add(new JsonObject
            {
                ["endpoint"] = new JsonObject
                {
                    ["address"] = new JsonObject
                    {
                        ["socket_address"] = new JsonObject { ["address"] = end.Address.ToString(), ["port_value"] = end.Port },
                    },
                },
                ["load_balancing_weight"] = whole[j],
            });
        }
        JsonObject response = new()
        {
            ["resources"] = new JsonArray(new JsonObject
            {
                ["@type"] = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
                ["cluster_name"] = cluster,
                ["endpoints"] = new JsonArray(new JsonObject { ["lb_endpoints"] = endpoints }),
            }),
        };
        return response.ToJsonString(Indented) + "\n";
    }

    /// <summary>Lines such as <c>web::10.0.0.1:80::rq_active::3</c>.</summary>
    internal static ServerCounters?[] Read(string clusters, string cluster, IReadOnlyList<SteeredServer> servers)
    {
        var counters = new ServerCounters?[servers.Count];
        IEnumerable<string[]> lines = clusters.Split('\n').Select(line => line.Split("::"));
        foreach (string[] words in lines.Where(words => words.Length == 4 && words[0] == cluster))
        {
            for (int j = 0; j < servers.Count; j++)
            {
                if (servers[j].Address != words[1] || !long.TryParse(words[3], CultureInfo.InvariantCulture, out long value))
                {
                    continue;
                }
                ServerCounters before = counters[j] ?? default;
                counters[j] = words[2] switch
                {
                    "rq_active" => before with { InFlight = (int)value },
                    "rq_success" => before with { Answered = value },
                    "rq_error" => before with { Failed = value },
                    _ => counters[j],
                };
            }
        }
        return counters;
    }
}
