using System.Net.Http;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;

namespace AkkaLb.Live.Proxy.Guards;

/// <summary>Asks every server of a cluster, from time to time, whether it is well.</summary>
internal sealed class HealthMonitor(BalancedCluster cluster, HttpMessageInvoker client, IClusterEvents events)
{
    private readonly HealthOptions _options = cluster.Options.Health;

    public bool IsEnabled => _options.Path.Length > 0;

    /// <summary>Asks all servers once, side by side.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        ServerSlot[] servers = [];
        cluster.WithServers(all =>
        {
            servers = all.Present.ToArray();
            return false;
        });
        await Task.WhenAll(servers.Select(server => CheckAsync(server, cancellation)));
    }

    private async Task CheckAsync(ServerSlot server, CancellationToken cancellation)
    {
        string? problem = await AskAsync(server, cancellation);
        if (cancellation.IsCancellationRequested)
        {
            return;
        }
        bool changed = false, isDrained = false;
        cluster.WithServers(_ =>
        {
            isDrained = server.IsDrained;
            return changed = server.Health.Count(problem is null, _options.Fall, _options.Rise);
        });
        if (changed && !isDrained)
        {
            events.StateChanged(
                cluster, server.Name, problem is null ? "unhealthy" : "in use", problem is null ? "in use" : "unhealthy",
                problem is null ? $"{_options.Rise} good answers in a row" : $"{_options.Fall} bad checks in a row: {problem}");
        }
    }

    /// <returns>Null when it is well.</returns>
    private async Task<string?> AskAsync(ServerSlot server, CancellationToken cancellation)
    {
        if (server.Destination?.Model.Config is not { } config)
        {
            return "no address";
        }
        using CancellationTokenSource patience = new(_options.Timeout, cluster.Clock.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using HttpRequestMessage request = ServerRequest.Get(config, _options.Path, cluster.Options.Forward);
            using HttpResponseMessage answer = await client.SendAsync(request, either.Token);
            return answer.IsSuccessStatusCode ? null : $"status {(int)answer.StatusCode}";
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {_options.Timeout.TotalSeconds:0.###} s";
        }
        catch (HttpRequestException e)
        {
            // The outer one says no more than that there was one.
            return e.GetBaseException().Message;
        }
    }
}
