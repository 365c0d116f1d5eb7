using System.Net.Http.Json;
using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Dashboard.Live;

/// <summary>The cluster that is shown, as one of its nodes knows it.</summary>
internal sealed class NodeClient(DashboardOptions options) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public bool IsThere => options.Node is not null;

    /// <exception cref="RunFailedException">No node answers.</exception>
    public async Task<ClusterStatus> StatusAsync(CancellationToken cancellation)
    {
        string address = options.Node?.TrimEnd('/') ?? throw new InvalidInputException("this dashboard shows no cluster");
        try
        {
            return (await _http.GetFromJsonAsync<ClusterStatus>(address + "/status", JsonSerializerOptions.Web, cancellation))!;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new RunFailedException($"{address}: no node answers there: {e.Message}", e);
        }
    }

    public void Dispose() => _http.Dispose();
}
