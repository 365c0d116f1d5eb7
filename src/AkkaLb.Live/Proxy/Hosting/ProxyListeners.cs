using AkkaLb.Live.Proxy.Configuration;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>A proxy's listeners and limits as Kestrel takes them.</summary>
internal static class ProxyListeners
{
    public static void Configure(KestrelServerOptions kestrel, ProxyOptions options, ListenerCertificates certificates)
    {
        kestrel.AddServerHeader = false;
        // Of a target with a host it is that host that counts, whatever the header says (RFC 9112, 3.2.2).
        kestrel.AllowHostHeaderOverride = true;
        kestrel.RequestHeaderEncodingSelector = kestrel.ResponseHeaderEncodingSelector = _ => YarpConfiguration.HeaderEncoding;
        LimitOptions limits = options.Limits;
        kestrel.Limits.MaxRequestBodySize = limits.Body;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.Header;
        // Their size alone counts: there are no more than bytes.
        kestrel.Limits.MaxRequestHeaderCount = limits.Header;
        kestrel.Limits.MaxRequestLineSize = limits.Header;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = limits.Header;
        kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = limits.Connections;
        kestrel.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.KeepAlive;
        foreach (ListenerOptions listener in options.Listeners)
        {
            kestrel.Listen(listener.EndPoint, listen =>
            {
                listen.Protocols = listener.Protocols switch
                {
                    ListenerProtocols.Http1 => HttpProtocols.Http1,
                    ListenerProtocols.Http2 => HttpProtocols.Http2,
                    // Without TLS nobody says which one he speaks; Kestrel would warn, and take HTTP/1.1.
                    _ => listener.Tls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1,
                };
                if (listener.Tls)
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions
                    {
                        OnConnection = _ => ValueTask.FromResult(certificates.Of(listener)),
                    });
                }
            });
        }
    }
}
