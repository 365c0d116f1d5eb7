using AkkaLb.Domain;
using AkkaLb.Live.Testbed;

namespace AkkaLb.Live.Tests.Testbed;

public sealed class TestbedReaderTests
{
    internal static TestbedOptions Options(params string[] set)
    {
        using TemporaryFolder folder = new();
        // Its programs need not be installed where these tests run.
        return TestbedReader.Load(
            folder.Write("testbed.conf", ""), ["testbed.akkalb=/bin/sh", "testbed.haproxy=/bin/sh", "testbed.nginx=/bin/sh", .. set]);
    }

    private static string Error(params string[] set) => Should.Throw<InvalidInputException>(() => Options(set)).Message;

    [Fact]
    public void Read_Nothing_IsTheReference()
    {
        TestbedOptions options = Options();
        options.Name.ShouldBe("testbed");
        options.Servers.Slots.ShouldBe([2, 2, 2, 2, 4, 4, 4]);
        options.Baseline.ShouldBe(new Contender("sed", ContenderWeights.Right));
        options.Contenders.ShouldContain(options.Baseline);
        options.AkkaLb.ShouldBe(["/bin/sh"]);
    }

    [Theory]
    [InlineData("testbed.contenders=[\"sed fast\"]", "has \"sed fast\", expected entries of a name")]
    [InlineData("testbed.contenders=[haproxy]", "names are learned, sed,")]
    [InlineData("testbed.contenders=[\"sed right\", \"sed right\"]", "expected a list of different contenders")]
    [InlineData("testbed.baseline=lsq-2", "'akkalb.testbed.baseline' is 'lsq-2', expected one of the contenders")]
    [InlineData("testbed.loads=[]", "expected at least one number above 0 to 10")]
    [InlineData("testbed.loads=[0.5, 0.5]", "expected a list of different values")]
    [InlineData("testbed.proxies=[0]", "expected a list of integers from 1 to 64")]
    [InlineData("testbed.seeds=[1, 1]", "expected a list of different values")]
    [InlineData("testbed.akkalb=/nonexistent", "expected a program that is here, on PATH or by its path")]
    [InlineData("testbed.policy=/nonexistent", "'akkalb.testbed.policy' is '/nonexistent', expected the folder of a run")]
    [InlineData("testbed.proxy-settings=[\"floor = 0\", \"flor = 0\"]", "'akkalb.testbed.proxy-settings' has one that no proxy takes")]
    [InlineData("testbed.window=1ms", "expected a duration from 10ms to 1h")]
    [InlineData("testbed.events=[\"5s 9 fail\"]", "a server from 0 to 6")]
    [InlineData("testbed.events=[\"500s 1 fail\"]", "expected times before 'akkalb.load.duration'")]
    [InlineData("servers.changes=[\"5s 1 fail\"]", "what happens is 'akkalb.testbed.events'")]
    [InlineData("testbed.haproxy=no-such-program", "'akkalb.testbed.haproxy' is 'no-such-program', expected a program that is here")]
    [InlineData("testbed.nginx=/no/nginx", "'akkalb.testbed.nginx' is '/no/nginx', expected a program that is here")]
    [InlineData("testbed.hapoxy=x", "did you mean 'akkalb.testbed.haproxy'?")]
    public void Read_BadValue_SaysWhatIsExpected(string set, string expected) => Error(set).ShouldContain(expected);

    [Fact]
    public void Cells_AllContenders_AreTogetherForASeedInAnOrderOfItsOwn()
    {
        TestbedOptions options = Options("testbed.loads=[0.5, 0.9]", "testbed.proxies=[1, 2]", "testbed.seeds=[1, 2, 3]");
        TestbedCell[] cells = [.. options.Cells()];

        cells.Length.ShouldBe(options.Contenders.Count * 2 * 2 * 3);
        cells.Distinct().Count().ShouldBe(cells.Length);
        cells.Select(c => c.Name).Distinct().Count().ShouldBe(cells.Length);
        TestbedCell[][] groups = [.. cells.Chunk(options.Contenders.Count)];
        groups.Select(g => g.DistinctBy(c => (c.Load, c.Proxies, c.Seed)).Count()).ShouldAllBe(different => different == 1);
        groups[0].Select(c => c.Contender).ShouldNotBe(groups[^1].Select(c => c.Contender));
        options.Cells().ShouldBe(cells);
    }

    [Fact]
    public void LoadOf_ServerThatIsAddedLater_DoesNotCount()
    {
        TestbedOptions options = Options("load.work=50ms", "testbed.events=[\"10s 6 add\"]");
        options.IsAbsentAtStart(6).ShouldBeTrue();
        CellRunner.LoadOf(options, new TestbedCell(options.Baseline, 0.5, 2, 3)).Traffic.Rate.ShouldBe(0.5 * 16 / 0.05, 1e-9);
    }
}
