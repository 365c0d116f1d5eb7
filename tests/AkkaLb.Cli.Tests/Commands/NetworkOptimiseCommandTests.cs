using System.Text.Json;

namespace AkkaLb.Cli.Tests.Commands;

public sealed class NetworkOptimiseCommandTests : IDisposable
{
    private static readonly string[] Short = ["--generations", "5", "--population", "10"];

    private readonly NetworkFiles _files = new();
    private readonly Cli _cli = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Optimise_Json_HasTheNamesOfTheContract()
    {
        (await OptimiseAsync("--seed", "5", "--json")).ShouldBe(ExitCodes.Success);

        using JsonDocument document = JsonDocument.Parse(_cli.Output);
        JsonElement root = document.RootElement;
        root.EnumerateObject().Select(p => p.Name).ShouldBe(
        [
            "phi", "meanUtilisation", "maxUtilisation", "flows", "unroutable", "objective", "objectiveValue", "ecmp",
            "seed", "routing", "mutation", "generations", "evaluations", "interrupted", "weights",
        ]);
        root.GetProperty("seed").GetUInt64().ShouldBe(5UL);
        root.GetProperty("routing").GetString().ShouldBe("dag");
        root.GetProperty("mutation").GetString().ShouldBe("correct");
        root.GetProperty("generations").GetInt32().ShouldBe(5);
        root.GetProperty("interrupted").GetBoolean().ShouldBeFalse();
        root.GetProperty("weights")[0].EnumerateObject().Select(p => p.Name).ShouldBe(["from", "to", "weight"]);
        root.GetProperty("phi").GetDouble().ShouldBeLessThanOrEqualTo(root.GetProperty("ecmp").GetDouble());
    }

    [Theory]
    [InlineData("--evaluations", "with", "--evaluations", "5")]
    [InlineData("--generations", "without", "--search", "ospf", "--generations", "5")]
    [InlineData("--threads", "without", "--search", "ospf", "--threads", "1")]
    public async Task Optimise_OptionOfTheOtherSearch_IsRefused(string option, string with, params string[] arguments)
    {
        (await _cli.InvokeAsync(["network", "optimise", .. _files.Options, .. arguments])).ShouldBe(ExitCodes.BadInput);
        _cli.Error.ShouldStartWith($"akkalb: {option}: counts {with} --search ospf or local only");
    }

    [Theory]
    [InlineData("--routing: expected igp, or none, with --search ospf, found shortest", "--routing", "shortest")]
    [InlineData("--hash: counts without --search ospf only", "--hash", "fluid")]
    public async Task Optimise_OspfAndAnotherRouting_IsRefused(string expected, params string[] arguments)
    {
        await _cli.ShouldRefuseAsync(["network", "optimise", .. _files.Options, "--search", "ospf", .. arguments], expected);
        await new Cli().ShouldRefuseAsync(["network", "optimise", .. _files.Options, "--force"], "--force: counts with --out only");
    }

    /// <summary>A search that would go on for days ends, with what it has.</summary>
    [Theory]
    [InlineData("--search", "ospf", "--evaluations", "2000000000")]
    [InlineData("--generations", "1000000000", "--population", "10")]
    public async Task Optimise_TimeOver_KeepsTheBestSoFarAndIsNoInterruption(params string[] arguments)
    {
        (await _cli.InvokeAsync(["network", "optimise", .. _files.Options, .. arguments, "--time", "0.3",
            "--json"])).ShouldBe(ExitCodes.Success);
        using JsonDocument document = JsonDocument.Parse(_cli.Output);
        document.RootElement.GetProperty("interrupted").GetBoolean().ShouldBeFalse();
        document.RootElement.GetProperty("evaluations").GetInt32().ShouldBePositive();
    }

    [Fact]
    public async Task Optimise_WeightsWritten_EvaluateToTheSamePhi()
    {
        string weights = _files["best weights.json"];
        (await OptimiseAsync("--out", weights, "--json")).ShouldBe(ExitCodes.Success);
        Cli evaluate = new();
        (await evaluate.InvokeAsync(["network", "evaluate", .. _files.Options, "--weights", weights, "--json"]))
            .ShouldBe(ExitCodes.Success);

        using JsonDocument found = JsonDocument.Parse(_cli.Output), evaluated = JsonDocument.Parse(evaluate.Output);
        evaluated.RootElement.GetProperty("phi").GetDouble().ShouldBe(found.RootElement.GetProperty("phi").GetDouble());
    }

    [Fact]
    public async Task Optimise_SameSeed_SameDocumentWhateverTheThreads()
    {
        Cli second = new(), otherSeed = new();
        await OptimiseAsync("--seed", "3", "--threads", "1", "--json");
        await second.InvokeAsync(["network", "optimise", .. _files.Options, .. Short, "--seed", "3", "--threads", "3", "--json"]);
        await otherSeed.InvokeAsync(["network", "optimise", .. _files.Options, .. Short, "--seed", "4", "--threads", "3", "--json"]);

        second.Output.ShouldBe(_cli.Output);
        otherSeed.Output.ShouldNotBe(_cli.Output);
    }

    [Fact]
    public async Task Optimise_ReferenceMutation_IsReported()
    {
        await OptimiseAsync("--mutation", "reference", "--json");

        using JsonDocument document = JsonDocument.Parse(_cli.Output);
        document.RootElement.GetProperty("mutation").GetString().ShouldBe("reference");
    }

    [Fact]
    public async Task Optimise_Interrupted_WritesTheBestSoFarAndExits130()
    {
        string weights = _files["w.json"];

        (await _cli.InvokeAsync(
            new CancellationToken(canceled: true), ["network", "optimise", .. _files.Options, .. Short, "--out", weights, "--json"]))
            .ShouldBe(ExitCodes.Interrupted);

        File.Exists(weights).ShouldBeTrue();
        using JsonDocument document = JsonDocument.Parse(_cli.Output);
        document.RootElement.GetProperty("interrupted").GetBoolean().ShouldBeTrue();
        document.RootElement.GetProperty("generations").GetInt32().ShouldBe(0);
        _cli.ErrorLines[^1].ShouldBe("akkalb: interrupted after 0 of 5 generations; the result is the best so far");
    }

    [Fact]
    public async Task Optimise_NoTerminal_PlainFirstAndLastLine()
    {
        await OptimiseAsync();

        _cli.ErrorLines.Length.ShouldBe(2);
        _cli.ErrorLines[0].ShouldEndWith("square.gml: 8 links, 3 flows, seed 1, 5 generations of 10");
        _cli.ErrorLines[1].ShouldStartWith("5 of 5 generations: best 0.");
        _cli.Output.ShouldContain("5 generations");
        (_cli.Output + _cli.Error).ShouldNotContain('\e');
    }

    [Fact]
    public async Task Optimise_Terminal_RedrawsAndShowsTheCursorAgain()
    {
        Cli cli = new() { IsTerminal = true };

        (await cli.InvokeAsync(["network", "optimise", .. _files.Options, .. Short])).ShouldBe(ExitCodes.Success);

        cli.Error.ShouldMatch("5\e\\[0m of 5 generations");
        cli.Error.TrimEnd().ShouldEndWith("\e[?25h");
    }

    [Fact]
    public async Task Optimise_OutputExists_RefusedBeforeTheWorkUnlessForced()
    {
        string weights = _files.Write("w.json", "precious");

        await new Cli().ShouldRefuseAsync(["network", "optimise", .. _files.Options, "--out", weights], "w.json", "--out", "--force");
        (await File.ReadAllTextAsync(weights)).ShouldBe("precious");
        (await OptimiseAsync("--out", weights, "--force")).ShouldBe(ExitCodes.Success);
        (await File.ReadAllTextAsync(weights)).ShouldStartWith("[");
    }

    [Theory]
    [InlineData("--generations", "0", "--generations: expected a whole number from 1, found '0'")]
    [InlineData("--population", "1", "--population: expected a whole number from 2, found '1'")]
    [InlineData("--generations", "3000000000", "--generations: expected a whole number from 1 to 2147483647, found '3000000000'")]
    [InlineData("--threads", "two", "--threads: expected a whole number from 1, found 'two'")]
    [InlineData("--mutation", "wrong", "--mutation: expected correct or reference, found 'wrong'")]
    public Task Optimise_BadOption_OneLineNamesIt(string option, string value, string expected) =>
        _cli.ShouldRefuseAsync(["network", "optimise", .. _files.Options, option, value], expected);

    private Task<int> OptimiseAsync(params string[] options) =>
        _cli.InvokeAsync(["network", "optimise", .. _files.Options, .. Short, .. options]);
}
