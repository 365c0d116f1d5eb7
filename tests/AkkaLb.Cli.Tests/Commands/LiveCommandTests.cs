namespace AkkaLb.Cli.Tests.Commands;

/// <summary>What <c>servers</c>, <c>load</c> and <c>testbed</c> refuse.</summary>
public sealed class LiveCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli = new();

    public void Dispose() => _folder.Dispose();

    private string File(string content)
    {
        string path = Path.Combine(_folder.FullPath, "live.conf");
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    [Theory]
    [InlineData("servers")]
    [InlineData("load")]
    [InlineData("testbed")]
    public Task Command_MissingFile_IsNamed(string command) =>
        _cli.ShouldRefuseAsync([command, "no such.conf"], "no such.conf: no such file");

    [Fact]
    public Task Servers_UnknownKey_IsRefusedWithASuggestion() =>
        _cli.ShouldRefuseAsync(
            ["servers", File("akkalb.servers.slot = [1]")], "unknown key 'akkalb.servers.slot'", "'akkalb.servers.slots'");

    [Fact]
    public Task Load_NoTarget_SaysHowToGiveOne() =>
        _cli.ShouldRefuseAsync(["load"], "'akkalb.load.targets' has nothing, expected at least one address", "--target");

    [Fact]
    public Task Load_TargetThatIsNone_IsNamedAsGiven() =>
        _cli.ShouldRefuseAsync(["load", "--target", "foo"], "--target foo: expected an address such as");

    [Fact]
    public async Task Load_OneFileForBothOutputs_IsRefused()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await _cli.ShouldRefuseAsync(
            ["load", "--target", "http://127.0.0.1:1/", "--csv", file, "--histogram", file],
            "--csv: expected another file than that of --histogram");
    }

    [Fact]
    public async Task Load_NobodyAnswers_Fails()
    {
        (await _cli.InvokeAsync(
            "load", "--target", "http://127.0.0.1:1/", "--set", "load.duration=200ms", "--set", "load.warm-up=0s", "--set", "load.rate=100",
            "--set", "load.processor-limit=1", "--set", "load.late-limit=10s")).ShouldBe(1);
        _cli.Error.ShouldContain("akkalb: no request was answered 2xx: ");
    }

    /// <summary>Only the proxy itself has a file.</summary>
    [Fact]
    public async Task SetWeight_Help_NamesItsOwnArguments()
    {
        (await _cli.InvokeAsync("proxy", "set-weight", "--help")).ShouldBe(0);
        _cli.Output.ShouldContain("akkalb proxy set-weight <SERVER> <WEIGHT> [options]");
        _cli.Output.ShouldNotContain("<PROXY.conf>");
    }

    [Theory]
    [InlineData("1,5")]
    [InlineData("0")]
    [InlineData("NaN")]
    public Task SetWeight_NotANumberAboveZero_IsRefused(string weight) =>
        _cli.ShouldRefuseAsync(["proxy", "set-weight", "s1", weight], $"WEIGHT: expected a number above 0, such as 2.5, found '{weight}'");

    [Fact]
    public Task Load_OutputThatExists_IsRefusedBeforeAnythingIsSent() =>
        _cli.ShouldRefuseAsync(["load", "--target", "http://127.0.0.1:1/", "--csv", File("something")], "--csv: expected a new file");

    [Fact]
    public Task Testbed_BadContender_NamesThoseThereAre() =>
        _cli.ShouldRefuseAsync(
            ["testbed", File("akkalb.testbed.contenders = [\"haproxy fast\"]")],
            "'akkalb.testbed.contenders' has \"haproxy fast\"", "haproxy-leastconn", "nginx-least_conn");

    [Fact]
    public Task Testbed_FolderWithoutARun_IsRefused() =>
        _cli.ShouldRefuseAsync(["testbed", _folder.FullPath], "expected a run folder with experiment.conf in it");
}
