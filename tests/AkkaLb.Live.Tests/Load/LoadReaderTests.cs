using AkkaLb.Domain;
using AkkaLb.Live.Configuration;
using AkkaLb.Live.Load;

namespace AkkaLb.Live.Tests.Load;

public sealed class LoadReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private (LoadOptions Options, IReadOnlyList<Uri> Targets) Read(string content, params string[] overrides) =>
        LiveFiles.Load(_folder.Write("load.conf", content), ["load.targets=[\"http://127.0.0.1:1/\"]", .. overrides], null, []);

    private string Error(string content, params string[] overrides) =>
        Should.Throw<InvalidInputException>(() => Read(content, overrides)).Message;

    [Fact]
    public void Read_Nothing_IsThePoissonLoadOfTheReference()
    {
        (LoadOptions options, IReadOnlyList<Uri> targets) = LiveFiles.Load(null, [], 7, ["http://127.0.0.1:9/a"]);

        targets.ShouldBe([new Uri("http://127.0.0.1:9/a")]);
        options.Seed.ShouldBe(7ul);
        options.Traffic.Rate.ShouldBe(100);
        options.Traffic.Classes.ShouldHaveSingleItem().MeanWork.ShouldBe(0.05);
    }

    [Fact]
    public void Read_Diurnal_HasTwoClassesAndARateThatGoesUpAndDown()
    {
        LoadOptions options = Read("akkalb.load { arrivals = diurnal, work = 100ms }").Options;

        options.Traffic.Classes.Select(c => c.Name).ShouldBe(["page", "file"]);
        options.Traffic.Classes[1].MeanWork.ShouldBe(0.01, 1e-12);
        options.Traffic.ModulationAmplitude.ShouldBe(0.5);
    }

    [Fact]
    public void Read_Trace_IsThatOfTheFileBesideIt()
    {
        _folder.Write("trace.csv", "time\tquery\n1.0\t/dummy.php/?n=1000000\n1.5\t/dummy.php/?n=2000000\n");

        LoadOptions options = Read("akkalb.load { arrivals = trace, trace { file = trace.csv, iteration = 20 } }").Options;

        RequestPlan.Draw(options.Traffic, 1, 1).Select(r => (r.Due, r.Work)).ShouldBe([(0L, 20_000_000L), (500_000_000L, 40_000_000L)]);
    }

    [Fact]
    public void Read_UnknownKey_IsRefusedWithASuggestion() =>
        Error("akkalb.load.raet = 5").ShouldBe($"{_folder["load.conf"]}: unknown key 'akkalb.load.raet'; did you mean 'akkalb.load.rate'?");

    [Theory]
    [InlineData("load.rate=0", "'akkalb.load.rate' is '0', expected a number above 0")]
    [InlineData("load.work=0", "'akkalb.load.work' is '0', expected a duration from 1ms")]
    [InlineData("load.law=gamma", "'akkalb.load.law' is 'gamma', expected exponential")]
    [InlineData("load.warm-up=30s", "expected a duration shorter than 'akkalb.load.duration'")]
    [InlineData("load.arrivals=trace", "'akkalb.load.trace.file' is '', expected a trace file")]
    [InlineData("load.targets=[\"ftp://a\"]", "'akkalb.load.targets' has \"ftp://a\", expected addresses")]
    [InlineData("load.targets=[]", "'akkalb.load.targets' has nothing, expected at least one address")]
    [InlineData("load.processor-limit=1.5", "'akkalb.load.processor-limit' is '1.5'")]
    [InlineData("load.duration=20h", "at most 20000000 requests", "load.rate=1000")]
    public void Read_BadValue_SaysWhatIsExpected(string set, string expected, params string[] more) =>
        Error("", [set, .. more]).ShouldContain(expected);

    [Theory]
    [InlineData("servers.slots=[]", "'akkalb.servers.slots' is '[]', expected a list of integers from 1 to 1024")]
    [InlineData("servers.speeds=[1]", "expected 7 numbers above 0 to 64")]
    [InlineData("servers.address=localhost", "expected an IP address")]
    [InlineData("servers.port=65535", "expected a port from which 7 servers")]
    [InlineData("servers.changes=[\"5s 9 fail\"]", "has \"5s 9 fail\", expected entries of a time in seconds, a server from 0 to 6")]
    [InlineData("servers.service=disk", "expected timed, processor")]
    public void ReadServers_BadValue_SaysWhatIsExpected(string set, string expected) =>
        Should.Throw<InvalidInputException>(() => LiveFiles.Servers(null, [set], null)).Message.ShouldContain(expected);
}
