using System.Text.Json;

namespace AkkaLb.Cli.Tests.Commands;

/// <summary><c>--routing k-shortest-paths</c>: weights of whole paths.</summary>
public sealed class NetworkPathRoutingTests : IDisposable
{
    private readonly NetworkFiles _files = new();
    private readonly string _links, _demands;

    public NetworkPathRoutingTests() => (_links, _demands) = (
        _files.Write("links.csv", "from,to,capacity,weight\na,b,10M,1\nb,d,10M,1\na,c,20M,2\nc,d,20M,1\n"),
        _files.Write("demands.csv", "from,to,rate\na,d,6\n"));

    public void Dispose() => _files.Dispose();

    private string[] Options =>
        ["--topology", _links, "--demands", _demands, "--demand-unit", "M", "--routing", "k-shortest-paths", "--paths", "2"];

    private static async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        Cli cli = new();
        (await cli.InvokeAsync(["network", .. arguments, "--json"])).ShouldBe(ExitCodes.Success, cli.Error);
        return JsonDocument.Parse(cli.Output).RootElement;
    }

    [Fact]
    public async Task Evaluate_PathWeights_SplitsByThem()
    {
        string weights = _files.Write("w.json", """
            [{"path": ["a", "c", "d"], "weight": 2}, {"path": ["a", "b", "d"], "weight": 1}]
            """);
        JsonElement document = await JsonAsync(["evaluate", .. Options, "--weights", weights]);

        (document.GetProperty("routing").GetString(), document.GetProperty("splitting").GetString())
            .ShouldBe(("k-shortest-paths", "fluid"));
        // 0.2 on four of eight links.
        document.GetProperty("phi").GetDouble().ShouldBe(0.01, 1e-12);
        JsonElement second = document.GetProperty("paths")[1];
        second.GetProperty("path").EnumerateArray().Select(node => node.GetString()).ShouldBe(["a", "c", "d"]);
        (second.GetProperty("length").GetDouble(), second.GetProperty("share").GetDouble()).ShouldBe((3, 2 / 3.0));
        document.GetProperty("links")[0].GetProperty("weight").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Optimise_ThenEvaluateAndPath_SayTheSame()
    {
        string output = _files["best.json"];
        JsonElement found = await JsonAsync(["optimise", .. Options, "--generations", "20", "--population", "20", "--out", output]);
        // With x over b: Φ = 0.00296875 x² − 0.009375 x + 0.016875 in (Mbit/s)², whose least value is 0.0094737.
        found.GetProperty("phi").GetDouble().ShouldBe(0.0094737, 1e-5);
        found.GetProperty("weights").GetArrayLength().ShouldBe(0);

        JsonElement again = await JsonAsync(["evaluate", .. Options, "--weights", output]);
        again.GetProperty("phi").GetDouble().ShouldBe(found.GetProperty("phi").GetDouble());
        JsonElement way = await JsonAsync(
            "path", "a", "d", "--topology", _links, "--routing", "k-shortest-paths", "--paths", "2", "--weights", output);
        way.GetProperty("paths").GetRawText().ShouldBe(again.GetProperty("paths").GetRawText());
    }

    [Fact]
    public async Task Optimise_Local_FindsTheSplitAndReadsBack()
    {
        string output = _files["local.json"];
        JsonElement found = await JsonAsync(["optimise", .. Options, "--search", "local", "--evaluations", "2000", "--out", output]);
        // Of shares in steps of 1/64 the best is 17, near 0.263.
        found.GetProperty("phi").GetDouble().ShouldBe(0.0094737, 1e-5);
        found.GetProperty("search").GetString().ShouldBe("local");
        found.TryGetProperty("generations", out _).ShouldBeFalse();
        (await JsonAsync(["evaluate", .. Options, "--weights", output])).GetProperty("phi").GetDouble()
            .ShouldBe(found.GetProperty("phi").GetDouble());
        Cli cli = new();
        (await cli.InvokeAsync(["network", "optimise", .. Options[..^3], "igp", "--search", "local"])).ShouldBe(ExitCodes.BadInput);
        cli.Error.ShouldContain("--search: local searches path weights, expected --routing k-shortest-paths with it");
    }

    /// <summary>Weights of more paths than are asked for are not those of fewer.</summary>
    [Fact]
    public async Task Path_WeightsOfMorePaths_AreRefused()
    {
        string weights = _files.Write("more.json", """
            [{"path": ["a", "b", "d"], "weight": 1}, {"path": ["a", "c", "d"], "weight": 3}, {"path": ["c", "d"], "weight": 1}]
            """);
        string[] path = ["network", "path", "a", "d", "--topology", _links, "--routing", "k-shortest-paths", "--weights", weights];
        (await new Cli().InvokeAsync([.. path, "--paths", "2"])).ShouldBe(ExitCodes.Success);
        Cli cli = new();
        (await cli.InvokeAsync([.. path, "--paths", "1"])).ShouldBe(ExitCodes.BadInput);
        cli.Error.ShouldContain("expected one of the 1 shortest paths");
    }

    [Fact]
    public async Task Path_ForPeople_ListsPaths()
    {
        Cli cli = new();
        (await cli.InvokeAsync("network", "path", "a", "d", "--topology", _links, "--routing", "k-shortest-paths"))
            .ShouldBe(ExitCodes.Success);
        cli.Output.ShouldContain("a → d: 2 paths; routing 4 shortest paths (the file's metrics), split fluid");
        cli.Output.ShouldContain("a → c → d");
    }

    [Fact]
    public async Task Evaluate_ParallelLinks_AreToldApartByTheirKeys()
    {
        string links = _files.Write("parallel.csv", "from,to,capacity,weight\na,b,10M,1\na,b,10M,2\n");
        string demands = _files.Write("ab.csv", "from,to,rate\na,b,4\n"), output = _files["p.json"];
        string[] options =
            ["--topology", links, "--demands", demands, "--demand-unit", "M", "--routing", "k-shortest-paths"];
        await JsonAsync(["optimise", .. options, "--generations", "1", "--population", "2", "--out", output]);
        File.ReadAllText(output).ShouldContain("\"keys\": [1]");
        (await JsonAsync(["evaluate", .. options, "--weights", output])).GetProperty("paths").GetArrayLength().ShouldBe(2);
    }

    /// <summary>Paths of many pairs take a minute to find.</summary>
    [Fact]
    public async Task Optimise_InterruptedWhilePathsAreFound_Ends()
    {
        Cli cli = new();
        (await cli.InvokeAsync(new CancellationToken(canceled: true), ["network", "optimise", .. Options])).ShouldBe(
            ExitCodes.Interrupted);
        (cli.Output, cli.ErrorLines[^1]).ShouldBe(("", "akkalb: interrupted"));
    }

    [Theory]
    [InlineData("--search: expected genetic or local with --routing k-shortest-paths", "optimise", "--search", "ospf")]
    [InlineData("--paths: expected a whole number from 1 to 64, found '65'", "evaluate", "--paths", "65")]
    [InlineData("--paths: expected", "evaluate", "--paths", "0")]
    [InlineData("--hash: expected proportional or fluid with --routing k-shortest-paths, found dx", "evaluate", "--hash", "dx")]
    [InlineData("bad.json: weight 0: expected {\"path\", \"weight\"} with a list", "evaluate", "--weights", "[1, 1]")]
    [InlineData("bad.json: expected a weight for each of 2 paths, found none for a → c → d", "evaluate", "--weights",
        "[{\"path\": [\"a\", \"b\", \"d\"], \"weight\": 1}]")]
    [InlineData("found a → d", "evaluate", "--weights", "[{\"path\": [\"a\", \"d\"], \"weight\": 1}]")]
    [InlineData("the path a → b → d appears twice", "evaluate", "--weights",
        "[{\"path\": [\"a\", \"b\", \"d\"], \"weight\": 1}, {\"path\": [\"a\", \"b\", \"d\"], \"weight\": 1}]")]
    [InlineData("weight 0: expected 0 or a number from", "evaluate", "--weights",
        "[{\"path\": [\"a\", \"b\", \"d\"], \"weight\": -1}]")]
    [InlineData("expected a weight above 0 on one of the paths from \"a\" to \"d\", found 0 on all", "evaluate", "--weights",
        "[{\"path\": [\"a\", \"b\", \"d\"], \"weight\": 0}, {\"path\": [\"a\", \"c\", \"d\"], \"weight\": 0}]")]
    [InlineData("weight 0: unknown property \"key\", expected path, weight, keys", "evaluate", "--weights",
        "[{\"path\": [\"a\", \"b\", \"d\"], \"key\": [0, 0], \"weight\": 1}]")]
    [InlineData("found a → b → d with keys 7, 0", "evaluate", "--weights",
        "[{\"path\": [\"a\", \"b\", \"d\"], \"keys\": [7, 0], \"weight\": 1}]")]
    [InlineData("weight 0: keys: expected 2 whole numbers", "evaluate", "--weights",
        "[{\"path\": [\"a\", \"b\", \"d\"], \"keys\": [0], \"weight\": 1}]")]
    public async Task BadInput_IsOneLine(string message, string command, string option, string value)
    {
        string[] options = option == "--paths" ? Options[..^2] : Options;
        string given = option == "--weights" ? _files.Write("bad.json", value) : value;
        Cli cli = new();
        (await cli.InvokeAsync(["network", command, .. options, option, given])).ShouldBe(ExitCodes.BadInput);
        cli.Error.ShouldContain(message);
        cli.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task CommandsOfNextHops_RefuseIt()
    {
        string uniform = _files.Write("u.json", "[1, 1, 1, 1, 1, 1, 1, 1]");
        foreach (string[] command in new string[][] { ["whatif"], ["export", uniform, "--format", "wcmp", "--out", _files["o.json"]] })
        {
            Cli cli = new();
            (await cli.InvokeAsync(["network", .. command, .. Options[..^2]])).ShouldBe(ExitCodes.BadInput);
            cli.Error.ShouldContain(
                "--routing: expected dag, shortest or igp, as this command works with next hops, found k-shortest-paths");
        }
        Cli without = new();
        (await without.InvokeAsync(["network", "evaluate", .. Options[..^3], "igp", "--paths", "2"])).ShouldBe(ExitCodes.BadInput);
        without.Error.ShouldContain("--paths: counts with --routing k-shortest-paths only");
    }
}
