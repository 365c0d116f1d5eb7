using System.Net.Http;
using System.Text.Json;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Policies;
using Yarp.ReverseProxy.Configuration;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>Asks servers for their load over HTTP: <c>{"inFlight": 3, "latency": 0.012}</c>, the latency in seconds.</summary>
internal sealed class HttpProbes(BalancedCluster cluster, HttpMessageInvoker client) : IProbes
{
    /// <summary>Probes under way at most: what a server that hangs can hold up.</summary>
    private const int MostUnderWay = 64;

    private int _underWay;

    /// <summary>Sends a probe, off the path of the request that asked for it.</summary>
    public void Send(int server)
    {
        ServerSlot asked = cluster.At(server);
        if (asked.Destination?.Model.Config is not { } config)
        {
            return;
        }
        if (Interlocked.Increment(ref _underWay) > MostUnderWay)
        {
            Interlocked.Decrement(ref _underWay);
            return;
        }
        _ = Task.Run(() => AskAsync(asked, config));
    }

    private async Task AskAsync(ServerSlot server, DestinationConfig config)
    {
        long sent = cluster.Clock.Now;
        using CancellationTokenSource patience = new(cluster.Options.Probe.Timeout, cluster.Clock.Time);
        try
        {
            using HttpRequestMessage request = ServerRequest.Get(config, cluster.Options.Probe.Path, cluster.Options.Forward);
            using HttpResponseMessage answer = await client.SendAsync(request, patience.Token);
            cluster.Replied(server, Read(await answer.Content.ReadAsByteArrayAsync(patience.Token)), sent);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException
            or InvalidOperationException or FormatException)
        {
            cluster.Replied(server, null, sent);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>Null where it is no such answer.</summary>
    internal static ProbeReply? Read(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("inFlight", out JsonElement inFlight))
        {
            return null;
        }
        double latency = document.RootElement.TryGetProperty("latency", out JsonElement given) ? given.GetDouble() : 0;
        return new ProbeReply(inFlight.GetInt32(), inFlight.GetInt32(), latency, 0);
    }
}
