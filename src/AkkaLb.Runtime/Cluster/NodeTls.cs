using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Cluster;

/// <summary>What a node shows others so that they trust it, and whom it trusts.</summary>
/// <param name="Certificate">With its private key.</param>
/// <param name="Authorities">
/// That sign the certificates of nodes. Who has one of theirs is a node: host names are not compared, as nodes move. That is why the
/// system's authorities, who sign for anybody, do not count.
/// </param>
public sealed record NodeTls(X509Certificate2 Certificate, X509Certificate2Collection Authorities)
{
    private static readonly string[] Others = ["key", "password", "authority"];

    /// <summary>Reads the certificates that a section names.</summary>
    /// <param name="folder">That paths are relative to.</param>
    /// <returns>Null when there are none, or the reader has noted a problem.</returns>
    internal static NodeTls? Read(SectionReader reader, string section, string folder)
    {
        if (reader.Text($"{section}.certificate").Length == 0)
        {
            if (Others.FirstOrDefault(key => reader.Text($"{section}.{key}").Length > 0) is { } other)
            {
                reader.Problem($"{section}.certificate", $"a certificate file, since there is '{section}.{other}'");
            }
            return null;
        }
        string file = PathOf("certificate")!;
        string? key = PathOf("key"), password = reader.Text($"{section}.password") is { Length: > 0 } text ? text : null;
        X509Certificate2? certificate = key is null
            ? ReadKey(
                reader, $"{section}.certificate", "a PKCS#12 file, or a PEM file with its own key, that can be read with this password",
                () => ReadCertificate(file, null, password))
            // Alone first: what is wrong with both of them is wrong with the key then.
            : ReadKey(
                reader, $"{section}.certificate", $"a PEM file with a certificate, since there is '{section}.key'",
                () => X509Certificate2.CreateFromPem(File.ReadAllText(file))) is { } shown
            ? ReadKey(
                reader, $"{section}.key",
                $"a PEM file with the private key of '{section}.certificate', that can be read with '{section}.password'",
                () =>
                {
                    shown.Dispose();
                    return ReadCertificate(file, key, password);
                })
            : null;
        X509Certificate2Collection? authorities = ReadKey(
            reader, $"{section}.authority", "a PEM file with the certificates of the authorities that sign those of nodes",
            () => ReadAuthorities(PathOf("authority")));
        if (certificate is null || authorities is null)
        {
            return null;
        }
        NodeTls tls = new(certificate, authorities);
        if (tls.Refuses(certificate, null) is { } reason)
        {
            reader.Problem(
                $"{section}.certificate", $"one that an authority of '{section}.authority' has signed and that is valid now ({reason})");
        }
        return tls;

        string? PathOf(string key) => reader.Text($"{section}.{key}") is { Length: > 0 } path ? Path.GetFullPath(path, folder) : null;
    }

    internal DotNettySslSetup ToSetup() =>
        new(Certificate, suppressValidation: false, requireMutualAuthentication: true, customValidator: Accepts);

    private static X509Certificate2 ReadCertificate(string file, string? key, string? password)
    {
        if (key is null && X509Certificate2.GetCertContentType(file) == X509ContentType.Pfx)
        {
            return X509CertificateLoader.LoadPkcs12FromFile(file, password);
        }
        using X509Certificate2 pem = password is null
            ? X509Certificate2.CreateFromPemFile(file, key)
            : X509Certificate2.CreateFromEncryptedPemFile(file, password, key);
        // A key that was read from PEM is not one that Windows' TLS can use.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2Collection ReadAuthorities(string? file)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(file ?? throw new FileNotFoundException());
        return authorities.Count > 0 ? authorities : throw new CryptographicException();
    }

    private static T? ReadKey<T>(SectionReader reader, string key, string expected, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            reader.Problem(key, expected);
            return null;
        }
    }

    /// <summary>Whether a peer is a node: its certificate is one of ours, at this time.</summary>
    private bool Accepts(
        X509Certificate2? certificate, X509Chain? presented, string remotePeer, SslPolicyErrors errors, ILoggingAdapter log)
    {
        if (certificate is null)
        {
            log.Warning("Peer {0} is refused: it shows no certificate", remotePeer);
            return false;
        }
        if (Refuses(certificate, presented) is not { } reason)
        {
            return true;
        }
        log.Warning(
            "Peer {0} is refused: its certificate, of {1}, is not one of this cluster: {2}",
            remotePeer, certificate.Subject, reason);
        return false;
    }

    /// <summary>Why a certificate is none of ours; null: it is one.</summary>
    /// <param name="presented">With those between it and its authority.</param>
    private string? Refuses(X509Certificate2 certificate, X509Chain? presented)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        // The authority of a cluster seldom serves a list of revocations; a short life of certificates does as well.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }
        return chain.Build(certificate) ? null : string.Join(", ", chain.ChainStatus.Select(status => status.Status));
    }
}
