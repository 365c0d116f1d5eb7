using AkkaLb.Domain;
using AkkaLb.Runtime.Cluster;

namespace AkkaLb.Cluster.Tests;

/// <summary>The section <c>akkalb.node</c>: what is refused, in one line that names file and key.</summary>
public sealed class NodeOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-node-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("host = 10.1.2.3", "'akkalb.node.tls.certificate' is '', expected a certificate file, since others can reach 10.1.2.3")]
    [InlineData("bind = 0.0.0.0", "'akkalb.node.tls.certificate' is '', expected a certificate file, since others can reach 0.0.0.0")]
    [InlineData("http.host = 0.0.0.0",
        "'akkalb.node.http.host' is '0.0.0.0', expected a loopback address, or 'akkalb.node.http.insecure' = on")]
    [InlineData("tls.certificate = none.p12", "'akkalb.node.tls.certificate' is 'none.p12', expected a PKCS#12 file")]
    [InlineData("roles = [agent]", "'akkalb.node.roles' has 'agent', expected a list of agents, learner and gateway")]
    [InlineData("roles = { a = 1 }", "'akkalb.node.roles' is a value, found a section")]
    [InlineData("seeds = [\"10.1.2.3\"]", "'akkalb.node.seeds' has '10.1.2.3', expected a list of host:port")]
    [InlineData("port = 70000", "'akkalb.node.port' is '70000', expected an integer from 0 to 65535")]
    [InlineData("prot = 1", "akkalb.node.prot")]
    public void Read_WrongKey_IsSaidInOneLine(string text, string expected)
    {
        string file = Write($"database = x\n{text}");
        string message = Should.Throw<InvalidInputException>(() => NodeOptions.Read(file, [])).Message;
        message.ShouldStartWith(file);
        message.ShouldContain(expected);
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void Read_OpenAddressesThatAreWanted_AreRead()
    {
        NodeOptions options = NodeOptions.Read(
            Write("database = x, host = 10.1.2.3, tls.insecure = on, http { host = 0.0.0.0, insecure = on }, seeds = \"a:1, b:2\""), []);
        (options.Host, options.HttpHost, options.Tls).ShouldBe(("10.1.2.3", "0.0.0.0", null));
        options.Seeds.ShouldBe(["a:1", "b:2"]);
    }

    [Fact]
    public void Read_CertificateWithoutAuthority_IsRefused()
    {
        using TestCertificates ours = new(Path.Combine(_folder, "ours"));
        string certificate = ours.SignFile("node", "secret");
        Refused($$"""tls { certificate = "{{certificate}}", password = secret }""").ShouldContain("'akkalb.node.tls.authority' is ''");
        Refused($$"""tls { certificate = "{{certificate}}", password = wrong, authority = "{{ours.Authority}}" }""")
            .ShouldContain("'akkalb.node.tls.certificate'");
        string Refused(string text) =>
            Should.Throw<InvalidInputException>(() => NodeOptions.Read(Write($"database = x\n{text}"), [])).Message;
    }

    [Fact]
    public void Read_CertificatesThatDoNotBelongTogether_AreRefused()
    {
        using TestCertificates ours = new(Path.Combine(_folder, "ours")), others = new(Path.Combine(_folder, "others"));
        (string certificate, string key) = ours.SignPem("node");
        (string stranger, string strangersKey) = others.SignPem("node");
        Refused(certificate, strangersKey, ours.Authority).ShouldContain(
            $"'akkalb.node.tls.key' is '{strangersKey}', expected a PEM file with the private key of 'akkalb.node.tls.certificate'");
        Refused(certificate, "/no/such/file", ours.Authority).ShouldContain("'akkalb.node.tls.key' is '/no/such/file'");
        Refused("/no/such/file", key, ours.Authority).ShouldContain("'akkalb.node.tls.certificate' is '/no/such/file'");
        string refused = Refused(stranger, strangersKey, ours.Authority);
        refused.ShouldContain("'akkalb.node.tls.certificate'");
        refused.ShouldContain("one that an authority of 'akkalb.node.tls.authority' has signed");
        Refused("", "", ours.Authority).ShouldContain("a certificate file, since there is 'akkalb.node.tls.authority'");
        NodeOptions.Read(File(certificate, key, ours.Authority), []).Tls.ShouldNotBeNull();

        string Refused(string c, string k, string a) =>
            Should.Throw<InvalidInputException>(() => NodeOptions.Read(File(c, k, a), [])).Message;

        string File(string c, string k, string a) =>
            Write($$"""database = x, tls { certificate = "{{c}}", key = "{{k}}", authority = "{{a}}" }""");
    }

    [Fact]
    public void OfDefaults_WrongKey_IsNamed()
    {
        NodeOptions.OfDefaults(["node.failure-detection=fast"], "--node").Fast.ShouldBeTrue();
        Should.Throw<InvalidInputException>(() => NodeOptions.OfDefaults(["node.failure-detection=quick"], "--node")).Message
            .ShouldStartWith("--set node.failure-detection=quick: 'akkalb.node.failure-detection' is 'quick', expected steady, fast");
    }

    /// <summary>A client has the database, and no certificate.</summary>
    [Fact]
    public void ReadDatabase_CertificateThatIsNotHere_IsNoMatter() =>
        NodeOptions.ReadDatabase(Write("database = x\ntls.certificate = /nowhere/tls.crt")).Connection.ShouldBe("x");

    private string Write(string text)
    {
        string file = Path.Combine(_folder, "node.conf");
        File.WriteAllText(file, $"akkalb.node {{\n{text}\n}}\n");
        return file;
    }
}
