using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>A proxy's listeners and limits as Kestrel takes them.</summary>
internal static class ProxyListeners
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static void Configure(KestrelServerOptions kestrel, ProxyOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = kestrel.ResponseHeaderEncodingSelector = _ => YarpConfiguration.HeaderEncoding;
        LimitOptions limits = options.Limits;
        kestrel.Limits.MaxRequestBodySize = limits.Body;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.Header;
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
                    X509Certificate2Collection chain = Certificates(listener, options.Source, kestrel.ApplicationServices);
                    listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (chain[0], chain));
                }
            });
        }
    }

    /// <returns>The listener's own first, then those of the file that lead to it.</returns>
    /// <exception cref="InvalidInputException">There is none in the file that a server can use.</exception>
    private static X509Certificate2Collection Certificates(ListenerOptions listener, string source, IServiceProvider services)
    {
        string key = ProxyReader.Key($"{ProxyReader.Section}.listeners", listener.Name, "certificate");
        try
        {
            X509Certificate2Collection all = Load(listener);
            X509Certificate2 certificate = all.FirstOrDefault(one => one.HasPrivateKey)
                ?? throw new CryptographicException("its key is not there");
            if (certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(
                usage => usage.EnhancedKeyUsages.Cast<Oid>().All(oid => oid.Value != ServerAuthentication)))
            {
                throw new CryptographicException("it is not for servers (extended key usage)");
            }
            DateTimeOffset now = services.GetRequiredService<LiveClock>().TimeOfDay;
            if (certificate.NotAfter < now.LocalDateTime)
            {
                services.GetRequiredService<ILogger<ProxyServer>>().CertificateExpired(key, listener.Certificate, certificate.NotAfter);
            }
            all.Remove(certificate);
            all.Insert(0, certificate);
            return all;
        }
        catch (CryptographicException e)
        {
            throw new InvalidInputException(
                $"{source}: '{key}' is '{listener.Certificate}', expected a certificate with its key, as PEM (and 'key') or PFX: "
                + e.Message, e);
        }
    }

    private static X509Certificate2Collection Load(ListenerOptions listener)
    {
        string? password = listener.Password.Length > 0 ? listener.Password : null;
        if (listener.Key.Length == 0)
        {
            return X509CertificateLoader.LoadPkcs12CollectionFromFile(listener.Certificate, password);
        }
        using X509Certificate2 pem = password is null
            ? X509Certificate2.CreateFromPemFile(listener.Certificate, listener.Key)
            : X509Certificate2.CreateFromEncryptedPemFile(listener.Certificate, password, listener.Key);
        // Some platforms take keys of this form only.
        X509Certificate2Collection all = [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null)];
        X509Certificate2Collection file = [];
        file.ImportFromPemFile(listener.Certificate);
        // The first is that of the key, which is there already.
        all.AddRange(file.Skip(1).ToArray());
        return all;
    }
}
