using System.IO.Compression;
using System.Text.Json;

namespace AkkaLb.Cli.Tests.Commands;

public sealed class NetworkEvaluateCommandTests : IDisposable
{
    private readonly NetworkFiles _files = new();
    private readonly Cli _cli = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Evaluate_Json_HasTheNamesOfTheContract()
    {
        JsonElement document = await EvaluateAsync();

        document.EnumerateObject().Select(p => p.Name).ShouldBe(
            ["phi", "meanUtilisation", "maxUtilisation", "flows", "unroutable", "objective", "objectiveValue", "percentile95",
            "fortzThorup", "meanDelay", "routing", "splitting", "links"]);
        foreach (JsonElement link in document.GetProperty("links").EnumerateArray())
        {
            link.EnumerateObject().Select(p => p.Name).ShouldBe(["from", "to", "weight", "load", "capacity", "utilisation"]);
        }
        _cli.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Evaluate_GzippedFiles_AreReadAsTheyAre()
    {
        JsonElement plain = await EvaluateAsync();
        Cli cli = new();
        (await cli.InvokeAsync("network", "evaluate", "--json", "--topology", Gzip(_files.Topology), "--flows", Gzip(_files.Flows)))
            .ShouldBe(ExitCodes.Success, cli.Error);
        JsonSerializer.Deserialize<JsonElement>(cli.Output).GetRawText().ShouldBe(plain.GetRawText());
    }

    private static string Gzip(string file)
    {
        using FileStream archive = File.Create(file + ".gz");
        using GZipStream gzip = new(archive, CompressionLevel.Fastest);
        gzip.Write(File.ReadAllBytes(file));
        return file + ".gz";
    }

    [Fact]
    public async Task Evaluate_Json_LinksInEnumerationAndFiguresConsistent()
    {
        JsonElement document = await EvaluateAsync();

        JsonElement[] links = [.. document.GetProperty("links").EnumerateArray()];
        links.Select(l => l.GetProperty("from").GetString() + l.GetProperty("to").GetString())
            .ShouldBe(["ab", "ac", "bd", "ba", "cd", "ca", "db", "dc"]);
        double[] utilisations = [.. links.Select(l => l.GetProperty("load").GetDouble() / l.GetProperty("capacity").GetDouble())];
        links.Select(l => l.GetProperty("utilisation").GetDouble()).ShouldBe(utilisations);
        double mean = utilisations.Average();
        document.GetProperty("meanUtilisation").GetDouble().ShouldBe(mean, 1e-12);
        document.GetProperty("phi").GetDouble().ShouldBe(utilisations.Average(u => (u - mean) * (u - mean)), 1e-12);
        document.GetProperty("maxUtilisation").GetDouble().ShouldBe(utilisations.Max());
        document.GetProperty("flows").GetInt32().ShouldBe(3);
        document.GetProperty("unroutable").GetInt32().ShouldBe(0);
        // From a to d there are two links on either side, from b to a there is one.
        links.Sum(l => l.GetProperty("load").GetDouble()).ShouldBe(2 * 3_000_000 + 500_000);
    }

    [Fact]
    public async Task Evaluate_WeightOfOneBranchTiny_FlowsTakeTheOther()
    {
        string weights = _files.Write("w.json", "[1e-12, 1, 1, 1, 1, 1, 1, 1]");

        JsonElement document = await EvaluateAsync("--weights", weights);

        Load(document, "a", "b").ShouldBe(0);
        Load(document, "a", "c").ShouldBe(3_000_000);
    }

    [Fact]
    public async Task Evaluate_WeightsByLink_SameAsByOrder()
    {
        string byOrder = _files.Write("order.json", "[1, 2.5, 0.1, 4, 5, 6, 7, 1e300]");
        (string From, string To, double Weight)[] links =
            [("d", "c", 1e300), ("a", "c", 2.5), ("a", "b", 1), ("b", "d", 0.1), ("b", "a", 4), ("c", "d", 5), ("c", "a", 6),
                ("d", "b", 7)];
        string byLink = _files.Write(
            "link.json", JsonSerializer.Serialize(links.Select(l => new { from = l.From, to = l.To, weight = l.Weight })));

        JsonElement first = await EvaluateAsync("--weights", byOrder), second = await EvaluateAsync("--weights", byLink);

        second.GetRawText().ShouldBe(first.GetRawText());
        second.GetProperty("links")[7].GetProperty("weight").GetDouble().ShouldBe(1e300);
    }

    [Theory]
    [InlineData("dag", "dx")]
    [InlineData("shortest", "dx")]
    [InlineData("dag", "proportional")]
    public async Task Evaluate_RoutingAndHash_AllFlowsArrive(string routing, string hash)
    {
        JsonElement document = await EvaluateAsync("--routing", routing, "--hash", hash);

        (Load(document, "b", "d") + Load(document, "c", "d")).ShouldBe(3_000_000);
    }

    [Theory]
    [InlineData("phi", "phi")]
    [InlineData("max-utilisation", "maxUtilisation")]
    public async Task Evaluate_Objective_IsReportedBesidePhi(string objective, string sameAs)
    {
        JsonElement document = await EvaluateAsync("--objective", objective);

        document.GetProperty("objective").GetString().ShouldBe(objective);
        document.GetProperty("objectiveValue").GetDouble().ShouldBe(document.GetProperty(sameAs).GetDouble());
    }

    [Fact]
    public async Task Evaluate_ObjectiveMaxLoad_IsInBitsPerSecond()
    {
        JsonElement document = await EvaluateAsync("--objective", "max-load");

        document.GetProperty("objectiveValue").GetDouble()
            .ShouldBe(document.GetProperty("links").EnumerateArray().Max(l => l.GetProperty("load").GetDouble()));
    }

    /// <summary>A queue that is full grows: text and JSON have no figure for it.</summary>
    [Theory]
    [InlineData(9.9e6, false)]
    [InlineData(10e6, true)]
    [InlineData(20e6, true)]
    public async Task Evaluate_AFullLink_HasNoMeanDelayInTextNorJson(double rate, bool full)
    {
        _files.Write("flows.json", $"[{NetworkFiles.Flow("a", "b", rate, "x")}]");

        JsonElement delay = (await EvaluateAsync()).GetProperty("meanDelay");
        Cli text = new();
        (await text.InvokeAsync(["network", "evaluate", .. _files.Options])).ShouldBe(ExitCodes.Success);

        delay.ValueKind.ShouldBe(full ? JsonValueKind.Null : JsonValueKind.Number);
        text.Output.ShouldContain(full ? "mean delay without bound (a link is full)" : "mean delay 80 ms (M/M/1, 1000 bytes)");
    }

    [Fact]
    public async Task Evaluate_At_CountsFlowsActiveThen()
    {
        _files.Write(
            "flows.json", $"[{NetworkFiles.Flow("a", "d", 1e6, "x", 0, 1000)}, {NetworkFiles.Flow("a", "d", 2e6, "y", 1000, 2000)}]");

        (await EvaluateAsync("--at", "999")).GetProperty("links").EnumerateArray().Sum(l => l.GetProperty("load").GetDouble())
            .ShouldBe(2e6);
        (await EvaluateAsync("--at", "1000")).GetProperty("links").EnumerateArray().Sum(l => l.GetProperty("load").GetDouble())
            .ShouldBe(4e6);
        (await _cli.InvokeAsync(["network", "evaluate", .. _files.Options, "--at", "2000", "--json"])).ShouldBe(ExitCodes.Success);
        _cli.Error.ShouldBe("akkalb: no flow is active at 2000 ms (--at)\n");
        using JsonDocument after = JsonDocument.Parse(_cli.Output);
        after.RootElement.GetProperty("flows").GetInt32().ShouldBe(0);
        after.RootElement.GetProperty("phi").GetDouble().ShouldBe(0);
    }

    [Fact]
    public async Task Evaluate_Changes_RoutesAroundWhatIsMissingThen()
    {
        string weights = _files.Write("w.json", "[1, 2, 3, 4, 5, 6, 7, 8]");
        string changes = _files.Write("c.json", """
            {
              "5000": {"missing_nodes": [], "missing_links": [["a", "b", 0]]},
              "10000": {"missing_nodes": ["d"], "missing_links": []}
            }
            """);
        string[] options = ["--weights", weights, "--changes", changes];

        (await EvaluateAsync([.. options, "--at", "4999"])).GetProperty("links").GetArrayLength().ShouldBe(8);

        JsonElement without = await EvaluateAsync([.. options, "--at", "5000"]);
        without.GetProperty("links").EnumerateArray().Select(l => l.GetProperty("weight").GetDouble()).ShouldBe([2, 3, 4, 5, 6, 7, 8]);
        Load(without, "a", "c").ShouldBe(3_000_000);

        (await EvaluateAsync([.. options, "--at", "10000"])).GetProperty("unroutable").GetInt32().ShouldBe(2);

        changes = _files.Write("all.json", """{"0": {"missing_nodes": ["a", "b", "c", "d"], "missing_links": []}}""");
        await new Cli().ShouldRefuseAsync(
            ["network", "evaluate", .. _files.Options, "--changes", changes],
            $"{changes}: missing_nodes and missing_links: expected links of {_files.Topology} that are left at 0 ms (--at), found none");
    }

    [Fact]
    public async Task Evaluate_DisconnectedPair_RefusedUnlessAllowed()
    {
        _files.Write(
            "square.gml", NetworkFiles.Gml().Replace("]\n]\n", "]\nnode [ id 9 label \"island\" ]\n]\n", StringComparison.Ordinal));
        _files.Write("flows.json", $"[{NetworkFiles.Flow("a", "island", 1e6, "lost")}]");

        (await EvaluateAsync("--allow-unroutable")).GetProperty("unroutable").GetInt32().ShouldBe(1);
        await new Cli().ShouldRefuseAsync(["network", "evaluate", .. _files.Options], "square.gml", "island", "lost");
    }

    [Fact]
    public async Task Evaluate_BuiltInName_NeedsNoFile()
    {
        _files.Write("flows.json", $"[{NetworkFiles.Flow("1", "4", 1e6, "x")}]");

        (await _cli.InvokeAsync("network", "evaluate", "--topology", "4-node", "--flows", _files.Flows, "--json"))
            .ShouldBe(ExitCodes.Success);

        using JsonDocument document = JsonDocument.Parse(_cli.Output);
        document.RootElement.GetProperty("links").GetArrayLength().ShouldBe(8);
    }

    [Fact]
    public async Task Evaluate_NoJson_TableHasALinePerLink()
    {
        (await _cli.InvokeAsync(["network", "evaluate", .. _files.Options])).ShouldBe(ExitCodes.Success);

        _cli.Output.ShouldStartWith("Φ 0.0");
        _cli.Output.ShouldContain("3 flows");
        _cli.Output.Split('\n').Count(line => line.Contains("10.000", StringComparison.Ordinal)).ShouldBe(8);
        _cli.Output.ShouldNotContain('\e');
    }

    private async Task<JsonElement> EvaluateAsync(params string[] options)
    {
        Cli cli = new();
        (await cli.InvokeAsync(["network", "evaluate", .. _files.Options, .. options, "--json"])).ShouldBe(ExitCodes.Success, cli.Error);
        using JsonDocument document = JsonDocument.Parse(cli.Output);
        return document.RootElement.Clone();
    }

    private static double Load(JsonElement document, string from, string to) => document.GetProperty("links").EnumerateArray()
        .Single(l => l.GetProperty("from").GetString() == from && l.GetProperty("to").GetString() == to).GetProperty("load").GetDouble();
}
