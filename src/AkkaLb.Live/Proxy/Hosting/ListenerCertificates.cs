using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>
/// What listeners show to clients: the certificates of their files, those before for connections that are there already. Every connection
/// of a listener shares the options of the last reading, for TLS to resume sessions.
/// </summary>
internal sealed class ListenerCertificates(LiveClock clock, ILogger<ProxyServer> log)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private volatile IReadOnlyDictionary<string, Shown> _shown = new Dictionary<string, Shown>();

    public SslServerAuthenticationOptions Of(ListenerOptions listener) => _shown[listener.Name].Options;

    /// <summary>Reads all of them; connections get what was read once this has ended.</summary>
    /// <exception cref="InvalidInputException">One cannot be used: those of before are shown on.</exception>
    public void Read(ProxyOptions options)
    {
        Dictionary<string, Shown> read = [];
        foreach (ListenerOptions listener in options.Listeners.Where(listener => listener.Tls))
        {
            X509Certificate2Collection chain = Read(listener, options.Source);
            string thumbprints = string.Join(' ', chain.Select(one => one.Thumbprint));
            if (_shown.TryGetValue(listener.Name, out Shown? before) && before.Thumbprints == thumbprints)
            {
                read.Add(listener.Name, before);
                continue;
            }
            read.Add(listener.Name, new Shown(thumbprints, new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(chain[0], chain, offline: true),
            }));
            if (chain[0].NotAfter < clock.TimeOfDay.LocalDateTime)
            {
                log.CertificateExpired(Key(listener), listener.Certificate, chain[0].NotAfter);
            }
            if (before is not null)
            {
                log.CertificateRenewed(listener.Name, chain[0].Subject, chain[0].NotAfter);
            }
        }
        _shown = read;
    }

    /// <returns>The listener's own first, then those of the file that lead to it.</returns>
    /// <exception cref="InvalidInputException">There is none in the file that a server can use.</exception>
    private static X509Certificate2Collection Read(ListenerOptions listener, string source)
    {
        try
        {
            X509Certificate2Collection all = ReadFiles(listener);
            X509Certificate2 certificate = all.FirstOrDefault(one => one.HasPrivateKey)
                ?? throw new CryptographicException("its key is not there");
            if (certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(
                usage => usage.EnhancedKeyUsages.Cast<Oid>().All(oid => oid.Value != ServerAuthentication)))
            {
                throw new CryptographicException("it is not for servers (extended key usage)");
            }
            all.Remove(certificate);
            all.Insert(0, certificate);
            return all;
        }
        // An ArgumentException: the key is that of another certificate.
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"{source}: '{Key(listener)}' is '{listener.Certificate}', expected a certificate with its key, as PEM (and 'key') or PFX: "
                + e.Message, e);
        }
    }

    private static string Key(ListenerOptions listener) =>
        ProxyReader.Key($"{ProxyReader.Section}.listeners", listener.Name, "certificate");

    private static X509Certificate2Collection ReadFiles(ListenerOptions listener)
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

    /// <summary>What connections get, and the certificates that it is made of.</summary>
    private sealed record Shown(string Thumbprints, SslServerAuthenticationOptions Options);
}
