using System.Globalization;
using System.Net.Http;
using AkkaLb.Live.Proxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>Makes the clients that forward requests, with what YARP's own configuration of them lacks: it is in the metadata.</summary>
internal sealed class ProxyClientFactory : ForwarderHttpClientFactory
{
    private const string ConnectTimeout = "akkalb.connect-timeout", ConnectionLifetime = "akkalb.connection-lifetime";

    /// <summary>Of a cluster, for the client that it gets.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(ForwardOptions forward)
    {
        Dictionary<string, string> metadata = [];
        Add(ConnectTimeout, forward.ConnectTimeout);
        Add(ConnectionLifetime, forward.ConnectionLifetime);
        return metadata;

        void Add(string key, TimeSpan? value)
        {
            if (value is { } time)
            {
                metadata.Add(key, time.ToString("c", CultureInfo.InvariantCulture));
            }
        }
    }

    protected override bool CanReuseOldClient(ForwarderHttpClientContext context) =>
        base.CanReuseOldClient(context)
        && Find(context.OldMetadata, ConnectTimeout) == Find(context.NewMetadata, ConnectTimeout)
        && Find(context.OldMetadata, ConnectionLifetime) == Find(context.NewMetadata, ConnectionLifetime);

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new SendOnceHandler(base.WrapHandler(context, handler));

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = Find(context.NewMetadata, ConnectTimeout) ?? handler.ConnectTimeout;
        handler.PooledConnectionLifetime = Find(context.NewMetadata, ConnectionLifetime) ?? Timeout.InfiniteTimeSpan;
        handler.RequestHeaderEncodingSelector = (_, request) =>
        {
            SendOnceHandler.Writing(request);
            return YarpConfiguration.HeaderEncoding;
        };
        // Headers of a trace pass through as all others do; nothing of ours is added.
        handler.ActivityHeadersPropagator = null;
    }

    private static TimeSpan? Find(IReadOnlyDictionary<string, string>? metadata, string key) =>
        metadata?.GetValueOrDefault(key) is { } text ? TimeSpan.ParseExact(text, "c", CultureInfo.InvariantCulture) : null;
}
