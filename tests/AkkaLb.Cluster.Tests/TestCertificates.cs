using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AkkaLb.Cluster.Tests;

/// <summary>An authority that signs certificates of nodes, with its files in a folder.</summary>
public sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), To = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder;
    private readonly X509Certificate2 _authority;

    public TestCertificates(string folder)
    {
        Directory.CreateDirectory(folder);
        _folder = folder;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN=authority {Path.GetFileName(folder)}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(From, To);
        Authority = Path.Combine(folder, "ca.crt");
        File.WriteAllText(Authority, _authority.ExportCertificatePem());
    }

    /// <summary>A PEM file.</summary>
    public string Authority { get; }

    public void Dispose() => _authority.Dispose();

    /// <summary>A certificate of a node, with its key.</summary>
    public X509Certificate2 Sign(string name, DateTimeOffset? to = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        using X509Certificate2 signed = request.Create(_authority, From, to ?? To, RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 whole = signed.CopyWithPrivateKey(key);
        // A key that was never in a file is not one that Windows' TLS can use.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>Writes a PKCS#12 file.</summary>
    public string SignFile(string name, string password, DateTimeOffset? to = null)
    {
        string file = Path.Combine(_folder, $"{name}.p12");
        using X509Certificate2 certificate = Sign(name, to);
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, password));
        return file;
    }

    /// <summary>Writes two PEM files, as Kubernetes keeps them in a Secret.</summary>
    public (string Certificate, string Key) SignPem(string name)
    {
        (string Certificate, string Key) files = (Path.Combine(_folder, "tls.crt"), Path.Combine(_folder, "tls.key"));
        using X509Certificate2 certificate = Sign(name);
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
