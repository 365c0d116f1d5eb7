using System.Text.Json;

namespace AkkaLb.Cli.Tests.Commands;

public sealed class NetworkDrawCommandTests : IDisposable
{
    private readonly NetworkFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Draw_Seed_GivesOneTopologyThatTrafficCanBeGeneratedFor()
    {
        string first = await DrawAsync("a.gml", "--nodes", "20", "--seed", "7");
        string again = await DrawAsync("b.gml", "--nodes", "20", "--seed", "7");
        string other = await DrawAsync("c.gml", "--nodes", "20", "--seed", "8");
        again.ShouldBe(first);
        other.ShouldNotBe(first);
        Cli cli = new();
        (await cli.InvokeAsync(
            "network", "generate", "--topology", _files["a.gml"], "--mean-load", "0.3", "--out", _files["drawn.json"], "--json"))
            .ShouldBe(ExitCodes.Success, cli.Error);
        JsonSerializer.Deserialize<JsonElement>(cli.Output).GetProperty("pairsWithoutFlow").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Draw_Text_HasCapacitiesInTheirUnit()
    {
        Cli cli = new();
        (await cli.InvokeAsync("network", "draw", "--nodes", "24", "--seed", "7", "--out", _files["text.gml"])).ShouldBe(ExitCodes.Success);
        cli.Output.ShouldBe($"{_files["text.gml"]}: 24 nodes, 76 links, seed 7, capacities 10Gbit/s\n");
    }

    [Fact]
    public async Task Draw_Json_HasTheNamesOfTheContract()
    {
        Cli cli = new();
        (await cli.InvokeAsync("network", "draw", "--nodes", "57", "--out", _files["new.gml"], "--json")).ShouldBe(ExitCodes.Success);
        JsonElement root = JsonSerializer.Deserialize<JsonElement>(cli.Output);
        root.EnumerateObject().Select(p => p.Name).ShouldBe(["out", "topology", "seed", "nodes", "links", "capacities"]);
        root.GetProperty("nodes").GetInt32().ShouldBe(57);
        root.GetProperty("links").GetInt32().ShouldBeInRange(136, 194);
    }

    [Fact]
    public async Task Draw_TooFewNodes_IsRefused()
    {
        Cli cli = new();
        (await cli.InvokeAsync("network", "draw", "--nodes", "2", "--out", _files["new.gml"])).ShouldBe(ExitCodes.BadInput);
        cli.Error.ShouldContain("--nodes: expected a whole number from 3 to 200, found '2'");
        File.Exists(_files["new.gml"]).ShouldBeFalse();
    }

    private async Task<string> DrawAsync(string name, params string[] arguments)
    {
        Cli cli = new();
        (await cli.InvokeAsync(["network", "draw", .. arguments, "--out", _files[name]])).ShouldBe(ExitCodes.Success, cli.Error);
        string[] lines = await File.ReadAllLinesAsync(_files[name]);
        return string.Join('\n', lines.Where(line => !line.Contains("drawn-", StringComparison.Ordinal)));
    }
}
