using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Dashboard.Live;

/// <summary>The cluster that is shown, as one of its nodes knows it.</summary>
internal sealed class NodeClient(DashboardOptions options) : IDisposable
{
    // What a page counts on is there.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public bool IsThere => options.Node is not null;

    /// <exception cref="RunFailedException">No node answers.</exception>
    public Task<ClusterStatus> StatusAsync(CancellationToken cancellation) => AskAsync<ClusterStatus>("/status", cancellation);

    /// <summary>All agents and where they live, in the order of their names.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public Task<AgentPlace[]> AgentsAsync(CancellationToken cancellation) => AskAsync<AgentPlace[]>("/agents", cancellation);

    /// <summary>What has happened to the cluster, the last first.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public Task<ClusterMoment[]> TimelineAsync(CancellationToken cancellation) => AskAsync<ClusterMoment[]>("/timeline", cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(string what, CancellationToken cancellation)
    {
        string address = options.Node?.TrimEnd('/') ?? throw new InvalidInputException("this dashboard shows no cluster");
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(address + what, cancellation);
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable
                ? throw new RunFailedException((await answer.Content.ReadAsStringAsync(cancellation)).Trim())
                : await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>(Json, cancellation)
                    ?? throw new JsonException("its answer is null");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new RunFailedException($"{address}: no node answers there: {e.Message}", e);
        }
    }
}
