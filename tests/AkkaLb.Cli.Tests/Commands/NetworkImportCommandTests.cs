using System.Text.Json;

namespace AkkaLb.Cli.Tests.Commands;

public sealed class NetworkImportCommandTests : IDisposable
{
    private const string Zoo = """
        graph [
          node [ id 0 label "Oslo" ]
          node [ id 1 label "Oslo" ]
          node [ id 2 label "Bergen" hyperedge 1 ]
          edge [ source 0 target 1 LinkSpeedRaw 10000000000.0 ]
          edge [ source 1 target 2 LinkLabel "unknown" ]
          edge [ source 0 target 2 LinkSpeedRaw 2500000000.0 ]
        ]
        """;

    private readonly NetworkFiles _files = new();
    private readonly Cli _cli = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Import_ZooFile_WritesWhatTheOtherCommandsRead()
    {
        string output = _files["t.gml"];
        (await _cli.InvokeAsync("network", "import", _files.Write("zoo.gml", Zoo), "--default-capacity", "1G", "--out", output))
            .ShouldBe(ExitCodes.Success, _cli.Error);
        _cli.Output.ShouldStartWith($"{output}: 3 nodes, 6 links from {_files["zoo.gml"]} (GML)\n");
        _cli.Output.ShouldContain("- 1 edge tells no capacity: 1Gbit/s\n");
        _cli.Output.ShouldContain("- 2 nodes share \"Oslo\": their ids were added\n");

        Cli generate = new();
        (await generate.InvokeAsync("network", "generate", "--topology", output, "--out", _files["f.json"]))
            .ShouldBe(ExitCodes.Success, generate.Error);
        Cli evaluate = new();
        (await evaluate.InvokeAsync("network", "evaluate", "--topology", output, "--flows", _files["f.json"], "--json"))
            .ShouldBe(ExitCodes.Success, evaluate.Error);
        JsonSerializer.Deserialize<JsonElement>(evaluate.Output).GetProperty("links").GetArrayLength().ShouldBe(6);
    }

    [Fact]
    public async Task Import_Json_HasTheNamesOfTheContract()
    {
        (await _cli.InvokeAsync("network", "import", _files.Write("zoo.gml", Zoo), "--out", _files["t.gml"], "--json"))
            .ShouldBe(ExitCodes.Success, _cli.Error);
        JsonElement document = JsonSerializer.Deserialize<JsonElement>(_cli.Output);
        document.EnumerateObject().Select(p => p.Name).ShouldBe(
            ["out", "format", "nodes", "links", "defaultCapacity", "defaultCapacities", "notes"]);
        document.GetProperty("defaultCapacity").GetDouble().ShouldBe(10e9);
    }

    [Theory]
    [InlineData("--default-capacity: expected bit/s such as 10G, 2.5G or 155M, found '10 apples'", "--default-capacity", "10 apples")]
    [InlineData("--components: expected largest or refuse, found 'some'", "--components", "some")]
    public Task Import_BadOption_OneLineAndNothingWritten(string expected, params string[] options) => RefuseAsync(Zoo, expected, options);

    [Theory]
    [InlineData("hello", "key hello has no value")]
    [InlineData("<xml/>", "expected GraphML")]
    [InlineData("graph [ node [ id 1 ] ]", "expected at least one edge")]
    public Task Import_OtherContent_OneLineAndNothingWritten(string content, string expected) => RefuseAsync(content, expected);

    private async Task RefuseAsync(string content, string expected, params string[] options)
    {
        string output = _files["t.gml"];
        await _cli.ShouldRefuseAsync(["network", "import", _files.Write("zoo.gml", content), "--out", output, .. options], expected);
        File.Exists(output).ShouldBeFalse();
    }
}
