using System.Globalization;

namespace AkkaLb.Cli.Tests.Commands;

/// <summary>Every kind of bad file or value: exit code 2, nothing on stdout, one line on stderr that names the place.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly NetworkFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("--topology", "a topology file")]
    [InlineData("--flows", "a JSON file of flows")]
    [InlineData("--weights", "a JSON array of weights")]
    [InlineData("--changes", "a JSON file of topology changes")]
    public async Task File_MissingOrFolderOrLocked_LineNamesPathOptionAndExpectation(string option, string expected)
    {
        string folder = _files.MakeFolder("folder");
        string locked = _files.Write("locked", "[]");
        using FileStream stream = new(locked, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        await RefuseAsync(option, _files["missing"], "missing", option, expected, "no such file");
        await RefuseAsync(option, folder, "folder", option, expected, "found a folder");
        await RefuseAsync(option, locked, "locked", option, expected, "cannot read it");
        await RefuseAsync(option, "", option, "expected a value, found nothing");
    }

    [Theory]
    [InlineData("graph [\n  node [ id 0 label \"a\"", "line")]
    [InlineData("", "graph")]
    [InlineData("{\"not\": \"nodes\"}", "expected node-link JSON")]
    [InlineData("graph [ node [ id 0 label \"a\" ] node [ id 0 label \"b\" ] ]", "node id 0 appears twice")]
    [InlineData("graph [ node [ id 0 ] edge [ source 0 target 7 bandwidth 1 ] ]", "target 7")]
    public Task Topology_Malformed_LineNamesFileAndLine(string gml, string expected) =>
        RefuseAsync("--topology", _files.Write("bad.gml", gml), "bad.gml", expected);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public Task Topology_CapacityNotPositive_LineNamesTheLink(double capacity) =>
        RefuseAsync(
            "--topology", _files.Write("bad.gml", NetworkFiles.Gml(capacity)), "bad.gml", "line", "a", "b", $"bandwidth {capacity}",
            "positive");

    [Fact]
    public async Task Evaluate_AnyAcceptedMagnitudes_GivesFiniteFigures()
    {
        string gml = NetworkFiles.Gml(1e-60).Replace("10000000 id 7", "1E+60 id 7", StringComparison.Ordinal);
        gml.ShouldContain("1E+60");
        string topology = _files.Write("magnitudes.gml", gml);
        string flows = _files.Write("magnitudes.json", $"[{string.Join(',', Enumerable.Range(0, 5).Select(
            i => NetworkFiles.Flow("a", "d", 1e60, $"f{i}")))}]");
        foreach (string hash in new[] { "dx", "proportional" })
        {
            Cli cli = new();
            (await cli.InvokeAsync("network", "evaluate", "--topology", topology, "--flows", flows, "--hash", hash, "--json"))
                .ShouldBe(ExitCodes.Success);
            double.IsFinite(System.Text.Json.JsonDocument.Parse(cli.Output).RootElement.GetProperty("phi").GetDouble()).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("[{", "line 1: not valid JSON")]
    [InlineData("{}", "array")]
    [InlineData("[1]", "flow 0")]
    public Task Flows_Malformed_LineNamesFile(string json, string expected) =>
        RefuseAsync("--flows", _files.Write("bad.json", json), "bad.json", expected);

    [Fact]
    public Task Flows_UnknownLabel_LineNamesFlowAndLabel() =>
        RefuseAsync(
            "--flows", _files.Write("bad.json", $"[{NetworkFiles.Flow("a", "Zürich", 1, "f1")}]"), "bad.json", "f1", "Zürich",
            "square.gml");

    [Theory]
    [InlineData("[1, 1, 1]", "expected 8 weights", "found 3")]
    [InlineData("[1, 1, 1, 1, 1, 1, 1, 0]", "weight 7", "positive number", "found 0")]
    [InlineData("[1, 1, -2, 1, 1, 1, 1, 1]", "weight 2", "b → d", "found -2")]
    [InlineData("[1, 1, 1, 1e999, 1, 1, 1, 1]", "weight 3", "positive number", "found 1e999")]
    [InlineData("[1, 1, 1, 1, 4.9e-324, 1, 1, 1]", "weight 4 (", "expected a number from 1E-300 to 1E+300", "found 4.9e-324")]
    [InlineData("[1, 1, 1, 1, 1e301, 1, 1, 1]", "weight 4 (", "expected a number from 1E-300 to 1E+300", "found 1e301")]
    [InlineData("[1, 1, \"NaN\", 1, 1, 1, 1, 1]", "weight 2", "found \"NaN\"")]
    [InlineData("[1, 1, NaN, 1, 1, 1, 1, 1]", "line 1", "malformed JSON")]
    [InlineData("[1,\n1", "line 2", "malformed JSON")]
    [InlineData("{\"a\": 1}", "expected an array of 8 weights", "an object")]
    [InlineData("[1, {\"from\": \"a\"}, 1, 1, 1, 1, 1, 1]", "weight 1", "expected a positive number")]
    public Task Weights_Malformed_LineNamesThePlace(string json, params string[] expected) =>
        RefuseAsync("--weights", _files.Write("bad.json", json), ["bad.json", .. expected]);

    [Theory]
    [InlineData("""{"from": "a", "to": "d", "weight": 1}""", "weight 7", "there is none from \"a\" to \"d\"")]
    [InlineData("""{"from": "x", "to": "d", "weight": 1}""", "weight 7", "there is none from \"x\" to \"d\"")]
    [InlineData("""{"from": "a", "to": "b", "weight": 1}""", "weight 7", "a → b appears twice")]
    [InlineData("""{"from": "d", "to": "c"}""", "weight 7", "weight is missing")]
    [InlineData("""{"from": "d", "to": 3, "weight": 1}""", "weight 7", "to: expected a node label, found 3")]
    [InlineData("""{"from": "d", "to": "c", "key": 1, "weight": 1}""", "weight 7", "with key 1")]
    [InlineData("""{"from": "d", "to": "c", "weight": "1"}""", "weight 7 (d → c)", "expected a positive number, found \"1\"")]
    [InlineData("1", "weight 7", "expected {\"from\", \"to\", \"weight\"}")]
    public Task Weights_BadLink_LineNamesThePlace(string last, params string[] expected)
    {
        string others = string.Join(',', new[] { "ab", "ac", "bd", "ba", "cd", "ca", "db" }.Select(
            l => $$"""{"from": "{{l[0]}}", "to": "{{l[1]}}", "weight": 1}"""));
        return RefuseAsync("--weights", _files.Write("bad.json", $"[{others}, {last}]"), ["bad.json", .. expected]);
    }

    [Theory]
    [InlineData("""{"x": {}}""", "\"x\"")]
    [InlineData("""{"0": {"missing_links": [["a", "d", 0]]}}""", "missing_links")]
    [InlineData("""{"0": {"missing_nodes": ["q"]}}""", "\"q\"")]
    [InlineData("[]", "object")]
    public Task Changes_Malformed_LineNamesThePlace(string json, string expected) =>
        RefuseAsync("--changes", _files.Write("bad.json", json), "bad.json", expected);

    [Theory]
    [InlineData("--flows", """[{"flow_id": "\udc00", "start": "a"}]""", "\\udc00")]
    [InlineData("--flows", "[{\"flow_id\": \"f\",\n \"start\": \"a\\ud83d b\"}]", "line 2", "a\\ud83d b")]
    [InlineData("--flows", """[{"flow_id": "f", "all_bandwidth": {"\ud800": 1}}]""", "line 1")]
    [InlineData("--flows", """{"\ud800": []}""", "line 1")]
    [InlineData("--weights", """["\ud800"]""", "line 1")]
    [InlineData("--weights", """[{"from": "\ud800", "to": "b", "weight": 1}]""", "line 1")]
    [InlineData("--weights", """[{"from": "a", "\ud800": "b", "weight": 1}]""", "line 1")]
    [InlineData("--changes", """{"0": {"missing_nodes": ["\ud800"]}}""", "line 1")]
    [InlineData("--changes", """{"0": {"missing_links": [["a", "\ud800"]]}}""", "line 1")]
    [InlineData("--changes", """{"\ud800": {}}""", "line 1")]
    public Task Json_LoneSurrogate_LineNamesFileAndLine(string option, string json, params string[] expected) =>
        RefuseAsync(option, _files.Write("bad.json", json),
            ["bad.json", "has half of a surrogate pair, expected Unicode text", .. expected]);

    [Fact]
    public Task Instance_LoneSurrogate_LineNamesFileAndLine() =>
        new Cli().ShouldRefuseAsync(
            ["game", "static", _files.Write("bad.json", "{\n\"\\udfff\": 1}")], "bad.json, line 2", "half of a surrogate pair");

    [Fact]
    public async Task Topology_LabelsThatDifferInOneLatin1Letter_AreTwoLabels()
    {
        string gml = NetworkFiles.Gml().Replace("label \"c\"", "label \"K\u00F6ln\"", StringComparison.Ordinal)
            .Replace("label \"d\"", "label \"K\u00E4ln\"", StringComparison.Ordinal);
        await File.WriteAllBytesAsync(_files["latin1.gml"], System.Text.Encoding.Latin1.GetBytes(gml));
        string flows = _files.Write("flows1.json", $"[{NetworkFiles.Flow("K\u00F6ln", "K\u00E4ln", 1, "f")}]");
        Cli cli = new();

        (await cli.InvokeAsync("network", "evaluate", "--topology", _files["latin1.gml"], "--flows", flows)).ShouldBe(ExitCodes.Success);

        cli.Output.ShouldContain("K\u00F6ln");
        cli.Output.ShouldContain("K\u00E4ln");
    }

    [Theory]
    [InlineData("--flows")]
    [InlineData("--weights")]
    [InlineData("--changes")]
    public async Task Json_NotUtf8_LineSaysSo(string option)
    {
        await File.WriteAllBytesAsync(_files["bad.json"], [.. "[\n\"K"u8, 0xF6, .. "ln\"]"u8]);
        await RefuseAsync(option, _files["bad.json"], "bad.json, line 2: not valid UTF-8");
    }

    [Theory]
    [InlineData("--routing", "dijkstra", "--routing: expected dag or shortest or igp or k-shortest-paths, found 'dijkstra'")]
    [InlineData("--hash", "md5", "--hash: expected dx or proportional or fluid, found 'md5'")]
    [InlineData("--objective", "cost",
        "--objective: expected phi or max-load or max-utilisation or fortz-thorup or mean-delay or percentile-95, found 'cost'")]
    [InlineData("--at", "-5", "--at: expected milliseconds, a whole number from 0, found '-5'")]
    [InlineData("--at", "soon", "--at: expected milliseconds, a whole number from 0, found 'soon'")]
    public Task Option_NotAmongItsValues_LineNamesTheValues(string option, string value, string expected) =>
        RefuseAsync(option, value, expected, "see 'akkalb network evaluate --help'");

    [Fact]
    public async Task Culture_CommaDecimals_ChangesNothing()
    {
        CultureInfo german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = german;
        try
        {
            Cli cli = new();
            string weights = _files.Write("w.json", "[1.5, 1, 1, 1, 1, 1, 1, 1]");
            (await cli.InvokeAsync(["network", "evaluate", .. _files.Options, "--weights", weights])).ShouldBe(ExitCodes.Success);
            cli.Output.ShouldContain("1.5");
            cli.Output.ShouldNotContain(",500");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Evaluates the good network with one option changed.</summary>
    private Task RefuseAsync(string option, string value, params string[] parts)
    {
        List<string> options = [.. _files.Options];
        int at = options.IndexOf(option);
        if (at >= 0)
        {
            options[at + 1] = value;
        }
        else
        {
            options.AddRange([option, value]);
        }
        return new Cli().ShouldRefuseAsync(["network", "evaluate", .. options], parts);
    }
}
