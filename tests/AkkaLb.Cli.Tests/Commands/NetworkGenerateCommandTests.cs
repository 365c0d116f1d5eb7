using System.Text.Json;

namespace AkkaLb.Cli.Tests.Commands;

public sealed class NetworkGenerateCommandTests : IDisposable
{
    private readonly NetworkFiles _files = new();
    private readonly Cli _cli = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Generate_Json_HasTheNamesOfTheContractAndReachesTheLoad()
    {
        (await GenerateAsync("--mean-load", "0.3", "--seed", "9", "--json")).ShouldBe(ExitCodes.Success);

        using JsonDocument document = JsonDocument.Parse(_cli.Output);
        JsonElement root = document.RootElement;
        root.EnumerateObject().Select(p => p.Name).ShouldBe(
            [
                "out", "topology", "seed", "flows", "targetMeanLoad", "generatorMeanLoad", "meanUtilisation", "maxUtilisation", "phi",
                "pairsWithoutFlow", "routing", "splitting",
            ]);
        root.GetProperty("pairsWithoutFlow").GetInt32().ShouldBe(0);
        root.GetProperty("out").GetString().ShouldBe(_files["new.json"]);
        root.GetProperty("seed").GetUInt64().ShouldBe(9UL);
        root.GetProperty("targetMeanLoad").GetDouble().ShouldBe(0.3);
        root.GetProperty("generatorMeanLoad").GetDouble().ShouldBe(0.3, 0.02);
        _cli.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Generate_FlowsFile_EvaluatesToTheReportedFigures()
    {
        await GenerateAsync("--json");
        Cli evaluate = new();
        (await evaluate.InvokeAsync("network", "evaluate", "--topology", _files.Topology, "--flows", _files["new.json"], "--json"))
            .ShouldBe(ExitCodes.Success);

        using JsonDocument generated = JsonDocument.Parse(_cli.Output), evaluated = JsonDocument.Parse(evaluate.Output);
        foreach (string name in new[] { "phi", "meanUtilisation", "maxUtilisation", "flows" })
        {
            evaluated.RootElement.GetProperty(name).GetDouble().ShouldBe(generated.RootElement.GetProperty(name).GetDouble());
        }
    }

    [Fact]
    public async Task Generate_LargeNetwork_IsRoutedOnShortestPaths()
    {
        const int nodes = 201;
        IEnumerable<int> all = Enumerable.Range(0, nodes);
        string ring = $"graph [\n{string.Concat(all.Select(i => $"node [ id {i} ]\n"))}"
            + string.Concat(all.Select(i => $"edge [ source {i} target {(i + 1) % nodes} bandwidth 1e9 ]\n")) + "]\n";
        Cli cli = new();
        (await cli.InvokeAsync(
            "network", "generate", "--topology", _files.Write("ring.gml", ring), "--mean-load", "0.2",
            "--out", _files["ring.json"], "--json"))
            .ShouldBe(ExitCodes.Success, cli.Error);

        JsonElement root = JsonSerializer.Deserialize<JsonElement>(cli.Output);
        root.GetProperty("generatorMeanLoad").GetDouble().ShouldBe(0.2, 0.01);
        root.GetProperty("routing").GetString().ShouldBe("shortest");
        root.GetProperty("phi").GetDouble().ShouldBeGreaterThan(0);
        root.GetProperty("pairsWithoutFlow").GetInt32().ShouldBeInRange(0, nodes * (nodes - 1) - 1);
        using JsonDocument flows = JsonDocument.Parse(File.ReadAllText(_files["ring.json"]));
        flows.RootElement.GetArrayLength().ShouldBe(root.GetProperty("flows").GetInt32());
    }

    [Fact]
    public async Task Generate_SameSeed_SameBytes()
    {
        await GenerateAsync("--seed", "3");
        byte[] first = await File.ReadAllBytesAsync(_files["new.json"]);
        await GenerateAsync("--seed", "3", "--force");
        byte[] second = await File.ReadAllBytesAsync(_files["new.json"]);
        await GenerateAsync("--seed", "4", "--force");
        byte[] other = await File.ReadAllBytesAsync(_files["new.json"]);

        second.ShouldBe(first);
        other.ShouldNotBe(first);
    }

    [Fact]
    public async Task Generate_OneFlowPerPair_OneForEachOrderedPair()
    {
        await GenerateAsync("--flows-per-pair", "1", "--json");

        using JsonDocument document = JsonDocument.Parse(_cli.Output);
        document.RootElement.GetProperty("flows").GetInt32().ShouldBe(4 * 3);
    }

    [Fact]
    public async Task Generate_TopologyOut_ReadsBackAsTheSameNetwork()
    {
        string flows = _files["a.json"], gml = _files["a.gml"];
        (await _cli.InvokeAsync("network", "generate", "--topology", "abilene", "--out", flows, "--topology-out", gml))
            .ShouldBe(ExitCodes.Success);
        Cli fromName = new(), fromFile = new();

        await fromName.InvokeAsync("network", "evaluate", "--topology", "abilene", "--flows", flows, "--json");
        await fromFile.InvokeAsync("network", "evaluate", "--topology", gml, "--flows", flows, "--json");

        fromFile.Output.ShouldNotBeEmpty();
        fromFile.Output.ShouldBe(fromName.Output);
    }

    [Fact]
    public async Task Generate_NoJson_ReportsBothLoads()
    {
        (await GenerateAsync()).ShouldBe(ExitCodes.Success);

        _cli.Output.ShouldContain("flows for");
        _cli.Output.ShouldContain("(asked for 0.4)");
        _cli.Output.ShouldContain("with equal weights (routing dag, split hash dx): mean utilisation 0.");
    }

    [Fact]
    public async Task Generate_FileExists_Refused()
    {
        _files.Write("new.json", "precious");

        await _cli.ShouldRefuseAsync(
            ["network", "generate", "--topology", _files.Topology, "--out", _files["new.json"]], "new.json", "--out",
            "--force replaces it");

        (await File.ReadAllTextAsync(_files["new.json"])).ShouldBe("precious");
    }

    [Fact]
    public async Task Generate_OutputNoFile_Refused()
    {
        await new Cli().ShouldRefuseAsync(
            ["network", "generate", "--topology", _files.Topology, "--out", _files.MakeFolder("folder")], "folder", "--out",
        "found a folder");
        await new Cli().ShouldRefuseAsync(
            ["network", "generate", "--topology", _files.Topology, "--out", _files["no/such.json"]], "such.json", "--out",
        "existing folder");
    }

    [Theory]
    [InlineData("--mean-load", "0", "--mean-load: expected a number between 0 and 1, found '0'")]
    [InlineData("--mean-load", "1.2", "--mean-load: expected a number between 0 and 1, found '1.2'")]
    [InlineData("--mean-load", "40%", "--mean-load: expected a number between 0 and 1, found '40%'")]
    [InlineData("--mean-load", "NaN", "--mean-load: expected a number between 0 and 1, found 'NaN'")]
    [InlineData("--flows-per-pair", "0", "--flows-per-pair: expected a whole number from 1 to 10000, found '0'")]
    public Task Generate_BadOption_OneLineNamesIt(string option, string value, string expected) =>
        _cli.ShouldRefuseAsync(["network", "generate", "--topology", "abilene", "--out", _files["new.json"], option, value], expected);

    [Fact]
    public Task Generate_UnreachableLoad_OneLineNamesIt() =>
        _cli.ShouldRefuseAsync(
            ["network", "generate", "--topology", _files.Topology, "--out", _files["new.json"], "--mean-load", "0.9999"], "0.9999",
            "cannot be reached");

    [Fact]
    public Task Generate_UnknownTopologyName_OneLineNamesTheOption() =>
        _cli.ShouldRefuseAsync(["network", "generate", "--topology", "abilen", "--out", _files["new.json"]], "abilen", "--topology",
            "a topology file");

    [Fact]
    public async Task Generate_Interrupted_EndsAtOnceAndWritesNothing()
    {
        using CancellationTokenSource interrupt = new();
        Task<int> running = _cli.InvokeAsync(
            interrupt.Token, "network", "generate", "--topology", "geant2009", "--flows-per-pair", "10000", "--out", _files["new.json"]);
        await interrupt.CancelAsync();

        (await running.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(ExitCodes.Interrupted);

        _cli.Error.ShouldBe("akkalb: interrupted\n");
        _cli.Output.ShouldBeEmpty();
        File.Exists(_files["new.json"]).ShouldBeFalse();
    }

    [SkippableTheory]
    [InlineData("network", "evaluate", "--topology", "abilene", "--flows", "pipe")]
    [InlineData("game", "static", "pipe")]
    [InlineData("game", "dynamic", "pipe")]
    public async Task AnyCommand_InterruptedWhileItWorks_EndsAtOnce(params string[] command)
    {
        // What takes its time here is a file that never comes.
        Skip.If(OperatingSystem.IsWindows(), "pipes are no files there");
        string pipe = _files["pipe"];
        await new CliWrap.Command("mkfifo").WithArguments([pipe]).ExecuteAsync();
        using CancellationTokenSource interrupt = new();
        Task<int> running = _cli.InvokeAsync(interrupt.Token, [.. command.Select(word => word == "pipe" ? pipe : word)]);
        await interrupt.CancelAsync();

        (await running.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(ExitCodes.Interrupted);

        _cli.Error.ShouldBe("akkalb: interrupted\n");
    }

    private Task<int> GenerateAsync(params string[] options) =>
        _cli.InvokeAsync(["network", "generate", "--topology", _files.Topology, "--out", _files["new.json"], .. options]);
}
