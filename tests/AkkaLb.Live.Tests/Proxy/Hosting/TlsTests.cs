using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaLb.Domain;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Listener_WithACertificate_SpeaksHttp2()
    {
        (string certificate, string key) = WriteCertificate();
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [backend],
            proxy: $$"""listeners.web { address = "https://127.0.0.1:0", certificate = "{{certificate}}", key = "{{key}}" }""");
        using HttpClient client = new(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        });
        using HttpRequestMessage request = new(HttpMethod.Get, proxy.Server.Addresses[0])
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage answer = await client.SendAsync(request);
        answer.Version.ShouldBe(HttpVersion.Version20);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task Listener_WithWhatIsNoCertificate_NamesFileAndKey()
    {
        string file = Path.Combine(_folder, "none.pem");
        await File.WriteAllTextAsync(file, "nothing");
        await using Backend backend = await Backend.StartAsync("a");
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(() => RunningProxy.StartAsync(
            [backend], proxy: $$"""listeners.web { address = "https://127.0.0.1:0", certificate = "{{file}}", key = "{{file}}" }"""));
        thrown.Message.ShouldContain($"'akkalb.proxy.listeners.web.certificate' is '{file}', expected a certificate with its key");
    }

    /// <summary>One for clients, and one without its key.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Listener_CertificateOfNoUseToAServer_NamesFileAndKey(bool hasKey)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        if (hasKey)
        {
            // id-kp-clientAuth
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: true));
        }
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using X509Certificate2 bare = X509CertificateLoader.LoadCertificate(certificate.RawData);
        string file = Path.Combine(_folder, "wrong.pfx");
        await File.WriteAllBytesAsync(file, (hasKey ? certificate : bare).Export(X509ContentType.Pkcs12));
        await using Backend backend = await Backend.StartAsync("a");
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(() => RunningProxy.StartAsync(
            [backend], proxy: $$"""listeners.web { address = "https://127.0.0.1:0", certificate = "{{file}}" }"""));
        thrown.Message.ShouldContain($"'akkalb.proxy.listeners.web.certificate' is '{file}', expected a certificate with its key");
    }

    [Fact]
    public async Task Listener_CertificateThatHasExpired_IsSaid()
    {
        (string certificate, string key) = WriteCertificate(until: -1);
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [backend],
            proxy: $$"""listeners.web { address = "https://127.0.0.1:0", certificate = "{{certificate}}", key = "{{key}}" }""");
        proxy.Notices.ToString().ShouldContain($"'akkalb.proxy.listeners.web.certificate' is {certificate}, which expired at ");
    }

    /// <param name="until">Days from now.</param>
    private (string Certificate, string Key) WriteCertificate(int until = 1)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-2), now.AddDays(until));
        (string certificateFile, string keyFile) = (Path.Combine(_folder, "cert.pem"), Path.Combine(_folder, "key.pem"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
