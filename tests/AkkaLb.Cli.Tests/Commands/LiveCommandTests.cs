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

    /// <summary>All has defaults: another command's file, or one that was cut short, would start something that nobody asked for.</summary>
    [Theory]
    [InlineData("servers", "", "expected a section akkalb.servers, found nothing of it")]
    [InlineData("servers", "akkalb.load {}", "expected a section akkalb.servers, found akkalb.load, which is for 'akkalb load'")]
    [InlineData("load", "akkalb.servers {}", "expected a section akkalb.load, found akkalb.servers, which is for 'akkalb servers'")]
    [InlineData("testbed", "akkalb.load {}", "expected a section akkalb.testbed, found akkalb.load, which is for 'akkalb load'")]
    [InlineData("testbed", "akkalb.proxy {}", "unknown key 'akkalb.proxy'; it is for 'akkalb proxy'")]
    [InlineData("servers", "akkalb.node {}", "unknown key 'akkalb.node'; it is for 'akkalb node'")]
    [InlineData("load", "akkalb { name = x, method = samaroh }", "unknown key 'akkalb.method'; it is for 'akkalb run'")]
    [InlineData("steer", "akkalb.proxy {}", "expected a section akkalb.steer, found akkalb.proxy, which is for 'akkalb proxy'")]
    [InlineData("servers", "akkalb { load {}, testbed {} }", "expected a section akkalb.servers, found akkalb.testbed, which is for")]
    [InlineData("node", "akkalb { load {}, testbed {} }", "unknown key 'akkalb.testbed'; it is for 'akkalb testbed'")]
    [InlineData("proxy", "akkalb { load {}, testbed {} }", "unknown key 'akkalb.testbed'; it is for 'akkalb testbed'")]
    [InlineData("node", "akkalb.load {}", "unknown key 'akkalb.load'; it is for 'akkalb load'")]
    [InlineData("node", "akkalb.network {}", "expected a section akkalb.node, found akkalb.network, which is for 'akkalb run'")]
    public Task Command_FileOfAnotherCommand_SaysWhichOne(string command, string content, string expected) =>
        _cli.ShouldRefuseAsync([command, File(content)], $"live.conf: {expected}");

    /// <summary>Brackets of addresses are no style of the table. Told to stop from the start, it shows what it has started.</summary>
    [SkippableFact]
    public async Task Servers_OfIPv6_AreShown()
    {
        Skip.IfNot(System.Net.Sockets.Socket.OSSupportsIPv6, "there is no IPv6 here");
        (await _cli.InvokeAsync(
            new CancellationToken(canceled: true), "servers", "--set", "servers.address=\"::1\"", "--set", "servers.port=0")).ShouldBe(0);
        _cli.Output.ShouldContain("[::1]:");
    }

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
