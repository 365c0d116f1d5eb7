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

    /// <summary>New connections get it; what cannot be used changes nothing, and an invalid configuration keeps nothing back.</summary>
    [Fact]
    public async Task Listener_CertificateIsRenewed_IsShownWithoutAStart()
    {
        (string certificate, string key) = WriteCertificate(name: "first");
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [backend],
            proxy: $$"""listeners.web { address = "https://127.0.0.1:0", certificate = "{{certificate}}", key = "{{key}}" }""");
        (await ShownAsync(proxy)).ShouldBe("CN=first");
        string oldKey = await File.ReadAllTextAsync(key);
        WriteCertificate(name: "second");
        string newKey = await File.ReadAllTextAsync(key);
        await File.WriteAllTextAsync(key, oldKey);
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.ReloadAsync(default))).Message
            .ShouldContain($"'akkalb.proxy.listeners.web.certificate' is '{certificate}', expected a certificate with its key");
        File.Delete(key);
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.ReloadAsync(default))).Message
            .ShouldContain($"'akkalb.proxy.listeners.web.certificate' is '{certificate}', expected a certificate with its key");
        (await ShownAsync(proxy)).ShouldBe("CN=first");
        await File.WriteAllTextAsync(key, newKey);
        await File.WriteAllTextAsync(proxy.File, "akkalb.proxy.nonsense = 1");
        (await Should.ThrowAsync<InvalidInputException>(() => proxy.Admin.ReloadAsync(default))).Message.ShouldContain("nonsense");
        (await ShownAsync(proxy)).ShouldBe("CN=second");
        proxy.Notices.ToString().ShouldContain("web: connections get another certificate from now on: CN=second");
    }

    /// <summary>Nobody has to ask: the files are looked at as that of the configuration is.</summary>
    [Fact]
    public async Task Listener_CertificateFileChanges_IsSeen()
    {
        (string certificate, string key) = WriteCertificate(name: "first");
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [backend],
            proxy: $$"""
                reload = 10ms
                listeners.web { address = "https://127.0.0.1:0", certificate = "{{certificate}}", key = "{{key}}" }
                """);
        WriteCertificate(name: "second");
        await Eventually.BecomesTrue(
            () => proxy.Notices.ToString().Contains("CN=second", StringComparison.Ordinal), "the new certificate is read");
        (await ShownAsync(proxy)).ShouldBe("CN=second");
    }

    /// <summary>Clients that know the root alone verify the listener's certificate by what the file has beside it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Listener_FileWithIntermediates_SendsThem(bool pem)
    {
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256),
            key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset from = TimeProvider.System.GetUtcNow().AddDays(-1), until = from.AddDays(2);
        using X509Certificate2 root = Authority("CN=root", rootKey).CreateSelfSigned(from, until),
            middleBare = Authority("CN=middle", middleKey).Create(root, from, until, [1]),
            middle = middleBare.CopyWithPrivateKey(middleKey);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 bare = request.Create(middle, from, until, [2]), leaf = bare.CopyWithPrivateKey(key);
        string file = Path.Combine(_folder, pem ? "fullchain.pem" : "chain.pfx"), keyFile = pem ? Path.Combine(_folder, "key.pem") : "";
        if (pem)
        {
            await File.WriteAllTextAsync(file, $"{leaf.ExportCertificatePem()}\n{middleBare.ExportCertificatePem()}\n");
            await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());
        }
        else
        {
            X509Certificate2Collection both = [middleBare, leaf];
            await File.WriteAllBytesAsync(file, both.Export(X509ContentType.Pkcs12)!);
        }
        await using Backend backend = await Backend.StartAsync("a");
        await using RunningProxy proxy = await RunningProxy.StartAsync(
            [backend], proxy: $$"""listeners.web { address = "https://127.0.0.1:0", certificate = "{{file}}", key = "{{keyFile}}" }""");
        using SocketsHttpHandler handler = new()
        {
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root },
                    RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
                },
            },
        };
        using HttpClient client = new(handler);
        (await client.GetStringAsync(proxy.Server.Addresses[0])).ShouldBe("a");

        static CertificateRequest Authority(string name, ECDsa its) => new(name, its, HashAlgorithmName.SHA256)
        {
            CertificateExtensions = { new X509BasicConstraintsExtension(true, false, 0, critical: true) },
        };
    }

    /// <returns>The subject of the certificate that a new connection gets.</returns>
    private static async Task<string> ShownAsync(RunningProxy proxy)
    {
        string shown = "";
        using HttpClient client = new(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => (shown = certificate!.Subject).Length > 0,
        });
        (await client.GetStringAsync(proxy.Server.Addresses[0])).ShouldBe("a");
        return shown;
    }

    /// <param name="until">Days from now.</param>
    private (string Certificate, string Key) WriteCertificate(int until = 1, string name = "127.0.0.1")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-2), now.AddDays(until));
        (string certificateFile, string keyFile) = (Path.Combine(_folder, "cert.pem"), Path.Combine(_folder, "key.pem"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
