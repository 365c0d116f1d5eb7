using System.Text.Json;
using AkkaLb.Domain.Game;

namespace AkkaLb.Cli.Tests.Commands;

public sealed class GameCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli = new();

    public void Dispose() => _folder.Dispose();

    private string Instance(string rest = "", string lengths = "[3, 2]") =>
        _folder.Write("game.json", $$"""{"rates": [2, 1, 2], "loads": [1, 2, 1], "lengths": {{lengths}}{{rest}}}""");

    private static string[] Names(string json) => [.. JsonDocument.Parse(json).RootElement.EnumerateObject().Select(p => p.Name)];

    [Fact]
    public async Task Static_Json_HasTheNamesOfTheContractAndTheVector()
    {
        // Specification, vector ST1.
        string path = Instance(""", "start": [[2, 0.5, 0.5], [1, 0, 1]], "order": [0, 1]""");
        (await _cli.InvokeAsync("game", "static", path, "--json")).ShouldBe(ExitCodes.Success);

        Names(_cli.Output).ShouldBe(
            [
                "level", "totals", "profile", "potential", "costsW", "costsAverage", "socialCost", "isEquilibrium", "priceOfAnarchyBound",
                "optimum", "optimalProfile", "worstEquilibrium", "priceOfAnarchy",
            ],
            ignoreOrder: true);
        JsonElement root = JsonDocument.Parse(_cli.Output).RootElement;
        root.GetProperty("priceOfAnarchy").GetDouble().ShouldBeInRange(1, root.GetProperty("priceOfAnarchyBound").GetDouble());
        root.GetProperty("level").GetDouble().ShouldBe(1.75, 1e-9);
        root.GetProperty("totals").EnumerateArray().Select(e => e.GetDouble()).ShouldBe([2.5, 0, 2.5], 1e-9);
        root.GetProperty("potential").GetDouble().ShouldBe(45.0 / 8, 1e-9);
        root.GetProperty("isEquilibrium").GetBoolean().ShouldBeTrue();
        _cli.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Static_Table_ShowsServersAndPlayers()
    {
        (await _cli.InvokeAsync("game", "static", Instance())).ShouldBe(ExitCodes.Success);

        _cli.Output.ShouldContain("an equilibrium: 2 players on 3 servers, level 1.75");
        _cli.Output.ShouldContain("price of anarchy at most");
        _cli.Output.ShouldContain("mean wait");
    }

    [Fact]
    public async Task Static_DedicatedServersBesideTheUniformSplit_HasTheTightPriceOfAnarchy()
    {
        // n = m, all 1: uniform placements cost n - 1/2, dedicated servers n/2; specification, 2.7.
        string path = _folder.Write("tight.json", """{"rates":[1,1,1],"loads":[0,0,0],"lengths":[1,1,1]}""");
        (await _cli.InvokeAsync("game", "static", path, "--json")).ShouldBe(ExitCodes.Success, _cli.Error);

        JsonElement root = JsonDocument.Parse(_cli.Output).RootElement;
        root.GetProperty("optimum").GetDouble().ShouldBe(1.5, 1e-9);
        root.GetProperty("worstEquilibrium").GetDouble().ShouldBe(2.5, 1e-9);
        root.GetProperty("priceOfAnarchy").GetDouble().ShouldBe(2 - 1.0 / 3, 1e-9);
        double[][] optimal = [.. root.GetProperty("optimalProfile").EnumerateArray().Select(
            row => row.EnumerateArray().Select(e => e.GetDouble()).ToArray())];
        optimal.ShouldAllBe(row => Math.Abs(row.Max() - 1) < 1e-9);
    }

    [Fact]
    public async Task Static_LargeGame_HasNoExactOptimumAndExactRefusesIt()
    {
        string path = Instance(lengths: $"[{string.Join(", ", Enumerable.Repeat(1, 45))}]");
        (await _cli.InvokeAsync("game", "static", path)).ShouldBe(ExitCodes.Success);
        _cli.Output.ShouldContain("optimum and exact price of anarchy: not computed, the game is too large (--exact)");
        await new Cli().ShouldRefuseAsync(
            ["game", "static", path, "--exact"],
            "game.json: --exact: expected at most 1000000 combinations (2^servers - 1)^players, found (2^3 - 1)^45");
    }

    [Fact]
    public async Task Static_ManyPlayers_SaysThatThereAreMore()
    {
        await _cli.InvokeAsync("game", "static", Instance(lengths: $"[{string.Join(", ", Enumerable.Repeat(1, 45))}]"));

        _cli.Output.ShouldContain("… and 5 more players; --json shows all");
    }

    [Fact]
    public async Task Dynamic_Json_HasTheNamesOfTheContract()
    {
        (await _cli.InvokeAsync("game", "dynamic", Instance(), "--json")).ShouldBe(ExitCodes.Success);

        Names(_cli.Output).ShouldBe(["converged", "steps", "finalLoads", "bounds", "infeasible"], ignoreOrder: true);
        JsonElement root = JsonDocument.Parse(_cli.Output).RootElement;
        root.GetProperty("converged").GetBoolean().ShouldBeTrue();
        root.GetProperty("infeasible").ValueKind.ShouldBe(JsonValueKind.Null);
        Names(root.GetProperty("bounds").GetRawText()).ShouldBe(["twoPhase", "level", "appendix", "lower"], ignoreOrder: true);
    }

    [Fact]
    public async Task Dynamic_Trace_AddsTheStates()
    {
        await _cli.InvokeAsync("game", "dynamic", Instance(), "--trace", "--json");

        JsonElement root = JsonDocument.Parse(_cli.Output).RootElement;
        root.GetProperty("states").GetArrayLength().ShouldBe(root.GetProperty("steps").GetInt32() + 1);
    }

    [Fact]
    public async Task Dynamic_TableWithTraceAndPlot_ShowsStepsAndWritesTheFigure()
    {
        (await _cli.InvokeAsync("game", "dynamic", Instance(), "--trace", "--plot", _folder["loads.svg"])).ShouldBe(ExitCodes.Success);

        _cli.Output.ShouldContain("all servers empty after");
        _cli.Output.ShouldContain("bounds: at least");
        _cli.Output.ShouldContain("server 2");
        (await File.ReadAllTextAsync(_folder["loads.svg"])).ShouldStartWith("<svg");
    }

    [Fact]
    public async Task Dynamic_PlotWithoutTrace_JsonHasNoStates()
    {
        await _cli.InvokeAsync("game", "dynamic", Instance(), "--plot", _folder["loads.svg"], "--json");

        Names(_cli.Output).ShouldNotContain("states");
        File.Exists(_folder["loads.svg"]).ShouldBeTrue();
    }

    [Fact]
    public async Task Dynamic_TooMuchWorkForSimultaneousPlay_SaysWhyItIsInfeasible()
    {
        // 5 units of length arrive at each step, and 5 are worked off.
        (await _cli.InvokeAsync("game", "dynamic", Instance(), "--update", "simultaneous", "--json")).ShouldBe(ExitCodes.Success);
        JsonDocument.Parse(_cli.Output).RootElement.GetProperty("infeasible").GetString()!.ShouldContain("lengths sum to 5");

        Cli people = new();
        await people.InvokeAsync("game", "dynamic", Instance(), "--update", "simultaneous");
        people.Output.ShouldStartWith("infeasible: lengths sum to 5");
        people.Output.ShouldContain("not run");
    }

    [Theory]
    [InlineData("stateOnly")]
    [InlineData("previousActions")]
    [InlineData("equilibriumPlay")]
    public async Task Dynamic_UpdateFromTheCommandLine_LeavesTheFilesReading(string reading)
    {
        string Game(string update) => $$"""
            {"rates":[3,2,4],"loads":[5,1,3],"lengths":[1,2,0.5],"reading":"{{reading}}","maxSteps":50{{update}}}
            """;
        File.WriteAllText(_folder["both.json"], Game(""","update":"simultaneous" """));
        File.WriteAllText(_folder["one.json"], Game(""));
        Cli option = new();
        await _cli.InvokeAsync("game", "dynamic", _folder["both.json"], "--trace", "--json");
        await option.InvokeAsync("game", "dynamic", _folder["one.json"], "--update", "simultaneous", "--trace", "--json");
        option.Output.ShouldBe(_cli.Output);
        option.Output.ShouldContain("states");
    }

    [Theory]
    [InlineData("--setting", "7", 6, 4)]
    [InlineData("--setting", "2", 500, 200)]
    public async Task Generate_Setting_TakesTable2sSteps(string option, string value, int players, int servers)
    {
        string path = _folder["setting.json"];
        (await _cli.InvokeAsync("game", "generate", option, value, "--out", path)).ShouldBe(ExitCodes.Success);
        _cli.Output.ShouldContain($"{players} players on {servers} servers");
        _cli.Output.ShouldContain("not the paper's");

        SurrogateSetting setting = SurrogateSetting.All[int.Parse(value, null) - 1];
        foreach ((string update, int steps) in new[] { ("sequential", setting.SequentialSteps),
            ("simultaneous", setting.SimultaneousSteps) })
        {
            Cli cli = new();
            await cli.InvokeAsync("game", "dynamic", path, "--update", update, "--json");
            JsonDocument.Parse(cli.Output).RootElement.GetProperty("steps").GetInt32().ShouldBe(steps);
        }
    }

    [Fact]
    public async Task Generate_SameSeed_SameBytes()
    {
        async Task<string> GenerateAsync(string seed)
        {
            await new Cli().InvokeAsync(
                "game", "generate", "--players", "5", "--servers", "4", "--seed", seed, "--out", _folder["r.json"], "--force");
            return await File.ReadAllTextAsync(_folder["r.json"]);
        }

        (await GenerateAsync("3")).ShouldBe(await GenerateAsync("3"));
        (await GenerateAsync("3")).ShouldNotBe(await GenerateAsync("4"));
    }

    [Theory]
    [InlineData("""{"rates": [1, 2], "loads": [0], "lengths": [1]}""", "loads: expected 2 numbers, one for each of rates, got 1")]
    [InlineData("""{"rates": [1, 0], "loads": [0, 0], "lengths": [1]}""", "rates[1]: expected a number above 0, got 0")]
    [InlineData("""{"rates": [1], "loads": [-2], "lengths": [1]}""", "loads[0]: expected a number of at least 0, got -2")]
    [InlineData("""{"rates": [1], "loads": [0], "lengths": []}""", "lengths: expected at least one number")]
    [InlineData("""{"rates": [1], "loads": [0], "lengths": [1], "strat": 1}""", "strat: unknown key")]
    [InlineData("""{"rates": [1], "loads": [0]}""", "lengths: missing")]
    [InlineData("""{"rates": [1], "rates": [2], "loads": [0], "lengths": [1]}""", "rates: expected once, found twice")]
    [InlineData("not json", "game.json")]
    public async Task Instance_Bad_OneLineNamesFileAndKey(string json, string expected)
    {
        string path = _folder.Write("game.json", json);

        await new Cli().ShouldRefuseAsync(["game", "static", path], "game.json", expected);
        await new Cli().ShouldRefuseAsync(["game", "dynamic", path, "--json"], "game.json", expected);
    }

    [Theory]
    [InlineData("expected either --setting, or --players and --servers")]
    [InlineData("expected either --setting", "--setting", "3", "--players", "4")]
    [InlineData("expected either --setting", "--players", "4")]
    [InlineData("expected either --setting", "--setting", "3", "--seed", "4")]
    [InlineData("--setting: expected a whole number from 1 to 7, found '8'", "--setting", "8")]
    [InlineData("--setting: expected a whole number from 1 to 7, found '0'", "--setting", "0")]
    [InlineData("--players: expected a whole number from 1 to 1000000, found '0'", "--players", "0", "--servers", "3")]
    public Task Generate_BadOptions_OneLineSaysWhatWasExpected(string expected, params string[] options) =>
        _cli.ShouldRefuseAsync(["game", "generate", "--out", _folder["new.json"], .. options], expected);

    [Fact]
    public async Task Files_MissingOrInTheWay_Refused()
    {
        await new Cli().ShouldRefuseAsync(["game", "static", _folder["none.json"]], "none.json", "INSTANCE.json", "no such file");
        string taken = _folder.Write("taken.svg", "precious");
        await new Cli().ShouldRefuseAsync(["game", "dynamic", Instance(), "--plot", taken], "taken.svg", "--force replaces it");
        (await File.ReadAllTextAsync(taken)).ShouldBe("precious");
        await new Cli().ShouldRefuseAsync(["game", "dynamic", Instance(), "--force"], "--force: counts with --plot only");
        await new Cli().ShouldRefuseAsync(["game", "dynamic", Instance(), "--update", "sometimes"],
            "--update: expected sequential or simultaneous, found 'sometimes'");
    }
}
