using System.Text.Json;

namespace AkkaLb.Cli.Tests.Commands;

/// <summary>Networks and traffic of other programs, from files of a square with a tail made for these tests.</summary>
public sealed class NetworkOwnFilesTests : IDisposable
{
    private const string Links = "from,to,capacity,weight\na,b,10M,1\nb,d,10M,1\na,c,20M,1\nc,d,20M,1\nd,e,40M,1\n";
    private const string Demands = "from,to,rate\na,e,6\ne,b,3\n";

    private readonly NetworkFiles _files = new();
    private readonly string _links, _demands;

    public NetworkOwnFilesTests() => (_links, _demands) = (_files.Write("links.csv", Links), _files.Write("demands.csv", Demands));

    public void Dispose() => _files.Dispose();

    private string[] Options => ["--topology", _links, "--demands", _demands, "--demand-unit", "M"];

    [Fact]
    public async Task Evaluate_ListOfEdgesAndDemands_FluidOnIgpPathsAndWhatWasSupposedOnStderr()
    {
        Cli cli = new();
        JsonElement document = await JsonAsync(cli, ["evaluate", .. Options]);

        document.GetProperty("routing").GetString().ShouldBe("igp");
        document.GetProperty("splitting").GetString().ShouldBe("fluid");
        document.GetProperty("flows").GetInt32().ShouldBe(2);
        document.GetProperty("maxUtilisation").GetDouble().ShouldBe(0.3, 1e-12);
        document.GetProperty("meanDelay").GetDouble().ShouldBe(
            8000 / 9e6 * (Queue(0.3) + Queue(0.3) + Queue(0.15) + Queue(0.15) + Queue(0.15) + Queue(0.075) + Queue(0.3)), 1e-9);
        cli.ErrorLines.ShouldBe(
        [
            $"{_links}: read as CSV: 5 nodes, 10 links",
            $"{_links}: the CSV is undirected: every edge became two opposite links",
            $"{_demands}: demands are taken to be in Mbit/s (CSV)",
        ]);
    }

    /// <summary>Only what is under way has a delay: half a Mbit/s on one link.</summary>
    [Theory]
    [InlineData("igp", "--demands")]
    [InlineData("dag", "--flows", "--hash", "dx")]
    [InlineData("shortest", "--flows", "--hash", "proportional")]
    [InlineData("k-shortest-paths", "--demands")]
    [InlineData("k-shortest-paths", "--flows", "--hash", "proportional")]
    public async Task Evaluate_TrafficWithoutAPath_HasNoPartInTheMeanDelay(string routing, string traffic, params string[] hash)
    {
        string links = _files.Write("line.csv", "from,to,capacity\na,b,1M\nb,c,1M\n");
        string file = traffic == "--demands"
            ? _files.Write("two.csv", "from,to,rate\na,b,500k\nc,b,500k\n")
            : _files.Write("two.json", $"[{Flow("a", 0)}, {Flow("c", 1)}]");
        string changes = _files.Write("gone.json", "{\"0\": {\"missing_nodes\": [\"c\"]}}");
        JsonElement document = await JsonAsync(
            new Cli(), ["evaluate", "--topology", links, traffic, file, "--changes", changes, "--allow-unroutable", "--routing", routing,
                .. hash]);
        document.GetProperty("unroutable").GetInt32().ShouldBe(1);
        document.GetProperty("meanDelay").GetDouble().ShouldBe(8000 / 5e5 * Queue(0.5), 1e-9);

        static string Flow(string from, int id) =>
            $$"""{"start": "{{from}}", "end": "b", "all_bandwidth": {"0": 500000}, "start_time": 0, "end_time": 9, "flow_id": "{{id}}"}""";
    }

    [Fact]
    public async Task Evaluate_BuiltInTopologyWithAUnit_IsRefused()
    {
        Cli cli = new();
        (await cli.InvokeAsync("network", "evaluate", "--topology", "abilene", "--demands", _demands, "--capacity-unit", "M"))
            .ShouldBe(ExitCodes.BadInput);
        cli.ErrorLines.ShouldBe(
            ["akkalb: --capacity-unit: expected a topology's file, abilene is built in and has its capacities"]);
    }

    private static double Queue(double utilisation) => utilisation / (1 - utilisation);

    [Fact]
    public async Task Evaluate_FlowsOnAnImportedTopology_ProportionalHashOnShortestPaths()
    {
        string links = _files.Write("plain.csv", "from,to\na,b\nb,d\na,c\nc,d\n");
        JsonElement document = await JsonAsync(new Cli(), ["evaluate", "--topology", links, "--flows", _files.Flows]);

        document.GetProperty("routing").GetString().ShouldBe("shortest");
        document.GetProperty("splitting").GetString().ShouldBe("hash proportional");
        document.GetProperty("links")[0].GetProperty("capacity").GetDouble().ShouldBe(10e9);
    }

    [Fact]
    public async Task Evaluate_ImportedAndWrittenAgain_KeepsItsDefaults()
    {
        string output = _files["imported.gml"];
        (await new Cli().InvokeAsync("network", "import", _links, "--out", output)).ShouldBe(ExitCodes.Success);

        JsonElement again = await JsonAsync(new Cli(), ["evaluate", "--topology", output, .. Options[2..]]);

        again.GetRawText().ShouldBe((await JsonAsync(new Cli(), ["evaluate", .. Options])).GetRawText());
    }

    [Fact]
    public async Task Evaluate_SndlibFile_HasItsOwnDemands()
    {
        string sndlib = _files.Write("net.txt", """
            ?SNDlib native format; type: network; version: 1.0
            NODES ( a ( 0 0 ) b ( 0 0 ) )
            LINKS ( L ( a b ) 10 0 0 0 ( ) )
            DEMANDS ( D ( a b ) 1 5 UNLIMITED )
            """);
        (await JsonAsync(new Cli(), ["evaluate", "--topology", sndlib])).GetProperty("maxUtilisation").GetDouble().ShouldBe(0.5);
    }

    [Theory]
    [InlineData("fortz-thorup", "fortzThorup")]
    [InlineData("percentile-95", "percentile95")]
    public async Task Evaluate_Objective_IsTheFigureOfItsName(string objective, string name)
    {
        JsonElement document = await JsonAsync(new Cli(), ["evaluate", .. Options, "--objective", objective]);
        document.GetProperty("objectiveValue").GetDouble().ShouldBe(document.GetProperty(name).GetDouble());
    }

    [Fact]
    public async Task Evaluate_BadTraffic_OneLine()
    {
        string[] evaluate = ["network", "evaluate", "--topology", "4-node"];
        await new Cli().ShouldRefuseAsync(evaluate, "--flows: expected --flows or --demands, found neither");
        await new Cli().ShouldRefuseAsync(
            [.. evaluate, "--flows", _files.Flows, "--demands", _demands], "expected either --flows or --demands, found both");
        await new Cli().ShouldRefuseAsync(
            [.. evaluate, "--demands", _demands], "demands.csv, line 2: expected a node of 4-node, found 'a'");
        await new Cli().ShouldRefuseAsync(
            [.. evaluate, "--demands", _demands, "--demand-unit", "furlong"],
            "--demand-unit: expected bit/s, k, M, G or T, found 'furlong'");
        await new Cli().ShouldRefuseAsync(
            ["network", "evaluate", .. _files.Options, "--demand-unit", "M"], "--demand-unit: counts with --demands only");
        await new Cli().ShouldRefuseAsync(
            [.. evaluate, "--demands", _demands, "--at", "5"], "--at: counts with --flows only");
        // Changes of the topology have times, too.
        string changes = _files.Write("changes.json", """{"5": {"missing_links": [["a", "b", 0]]}}""");
        JsonElement later = await JsonAsync(new Cli(), ["evaluate", .. Options, "--changes", changes, "--at", "5"]);
        later.GetProperty("links").GetArrayLength().ShouldBe(9);
    }

    [Fact]
    public async Task Path_Json_SharesOfTheWay()
    {
        string weights = _files.Write("w.json", "[3, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
        JsonElement document = await JsonAsync(new Cli(), ["path", "a", "e", "--topology", _links, "--weights", weights]);

        document.GetProperty("routing").GetString().ShouldBe("igp");
        document.GetProperty("hops").EnumerateArray().Select(hop => (
            hop.GetProperty("from").GetString() + hop.GetProperty("to").GetString(), hop.GetProperty("ofNode").GetDouble(),
            hop.GetProperty("ofDemand").GetDouble())).ShouldBe(
            [("ab", 0.75, 0.75), ("ac", 0.25, 0.25), ("bd", 1, 0.75), ("cd", 1, 0.25), ("de", 1, 1)]);
        await new Cli().ShouldRefuseAsync(
            ["network", "path", "a", "q", "--topology", "4-node"], "FROM: expected the label of a node of 4-node, found 'a'");
        await new Cli().ShouldRefuseAsync(
            ["network", "path", "1", "1", "--topology", "4-node"], "TO: expected another node than FROM, found '1'");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task WhatIf_Json_WorstFirstWhateverTheThreads(string threads)
    {
        JsonElement document = await JsonAsync(new Cli(), ["whatif", .. Options, "--threads", threads]);

        JsonElement[] failures = [.. document.GetProperty("failures").EnumerateArray()];
        failures.Length.ShouldBe(5 + 5);
        failures[0].GetProperty("what").GetString().ShouldBe("d ↔ e");
        failures[0].GetProperty("isolated").GetInt32().ShouldBe(2);
        JsonElement link = failures.Single(f => f.GetProperty("what").GetString() == "a ↔ c");
        link.GetProperty("maxUtilisation").GetDouble().ShouldBe(0.6);
        link.GetProperty("on").GetString().ShouldBe("a → b");
        link.GetProperty("isolated").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("wcmp")]
    [InlineData("frr")]
    [InlineData("sonic")]
    [InlineData("ospf")]
    [InlineData("frr-ospf")]
    [InlineData("graphml")]
    [InlineData("csv")]
    public async Task Export_EveryFormat_WritesAFileAndStatesBothPhi(string format)
    {
        string output = _files["out"];
        JsonElement document = await JsonAsync(
            new Cli(), ["export", Weights(), .. Options, "--format", format, "--out", output,
                .. format.Contains("ospf", StringComparison.Ordinal) ? (string[])["--evaluations", "300"] : []]);

        File.ReadAllText(output).ShouldNotBeEmpty();
        document.GetProperty("phi").GetDouble().ShouldBeGreaterThan(0);
        if (!format.Contains("ospf", StringComparison.Ordinal))
        {
            document.GetProperty("phiExported").GetDouble().ShouldBe(document.GetProperty("phi").GetDouble(), 1e-9);
        }
    }

    [Theory]
    [InlineData("--evaluations", "300")]
    [InlineData("--seed", "3")]
    public Task Export_OptionOfTheFit_IsRefusedWithoutIt(params string[] option) => new Cli().ShouldRefuseAsync(
        ["network", "export", Weights(), .. Options, "--format", "wcmp", "--out", _files["out"], .. option],
        $"{option[0]}: counts with --format ospf or frr-ospf only");

    [Fact]
    public async Task Export_Ospf_EvaluatesToWhatItSaid()
    {
        string output = _files["ospf.csv"];
        JsonElement document = await JsonAsync(
            new Cli(), ["export", Weights(), .. Options, "--format", "ospf", "--out", output, "--evaluations", "300"]);
        JsonElement again = await JsonAsync(new Cli(), ["evaluate", "--topology", output, .. Options[2..]]);

        again.GetProperty("phi").GetDouble().ShouldBe(document.GetProperty("phiExported").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task Export_RunFolder_HasTopologyFlowsAndWeights()
    {
        string run = _files.MakeFolder("run");
        File.Copy(_files.Topology, Path.Combine(run, "topology.gml"));
        File.Copy(_files.Flows, Path.Combine(run, "flows.json"));
        File.WriteAllText(Path.Combine(run, "weights.json"), "[1, 2, 1, 1, 1, 1, 1, 1]");
        File.WriteAllText(Path.Combine(run, "experiment.conf"), "akkalb.network.topology = topology.gml");
        string output = _files["out"];

        await JsonAsync(new Cli(), ["export", run, "--routing", "shortest", "--format", "wcmp", "--out", output]);

        JsonElement group = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(output)).EnumerateArray()
            .First(g => g.GetProperty("nextHops").GetArrayLength() == 2);
        group.GetProperty("nextHops").EnumerateArray().Select(hop => hop.GetProperty("weight").GetInt32()).ShouldBe([1, 2]);
        await new Cli().ShouldRefuseAsync(
            ["network", "export", run, "--format", "wcmp", "--out", _files["other"]], "dag routing depends on where traffic comes from");
    }

    [Fact]
    public async Task Export_RunFolder_RoutesAsTheRunAtItsTimeUnlessOptionsSayOtherwise()
    {
        string run = _files.MakeFolder("run"), weights = Path.Combine(run, "weights.json"), flows = Path.Combine(run, "flows.json");
        File.Copy(_files.Topology, Path.Combine(run, "topology.gml"));
        File.WriteAllText(flows, """
            [{"start": "a", "end": "d", "all_bandwidth": {"0": 5, "60000": 50}, "start_time": 0, "end_time": 100000, "flow_id": "a"}]
            """);
        File.WriteAllText(weights, "[1, 2, 1, 1, 1, 1, 1, 1]");
        File.WriteAllText(Path.Combine(run, "experiment.conf"), """
            akkalb.network { topology = topology.gml, flows.at = 60s, routing { paths = igp, hash = fluid } }
            """);
        string[] evaluate = ["evaluate", "--topology", _files.Topology, "--flows", flows, "--weights", weights, "--hash", "fluid"];
        async Task<(string?, double)> Exported(params string[] options)
        {
            JsonElement document = await JsonAsync(
                new Cli(), ["export", run, "--format", "csv", "--out", _files["out"], "--force", .. options]);
            return (document.GetProperty("routing").GetString(), document.GetProperty("phi").GetDouble());
        }
        async Task<double> Phi(string routing, string at) =>
            (await JsonAsync(new Cli(), [.. evaluate, "--routing", routing, "--at", at])).GetProperty("phi").GetDouble();

        (await Exported()).ShouldBe(("igp", await Phi("igp", "60000")));
        (await Exported("--at", "0")).ShouldBe(("igp", await Phi("igp", "0")));
        (await Exported("--routing", "dag")).ShouldBe(("dag", await Phi("dag", "60000")));
        (await Exported("--flows", flows)).ShouldBe(("igp", await Phi("igp", "0")));
    }

    [Theory]
    [InlineData("csv", 6)]
    [InlineData("ospf", 6)]
    public async Task Export_RunFolder_LinksThatAreDownAreLeftOut(string format, int links)
    {
        string run = _files.MakeFolder("run"), weights = Path.Combine(run, "weights.json"), flows = Path.Combine(run, "flows.json");
        string changes = Path.Combine(run, "topology_changes.json");
        File.Copy(_files.Topology, Path.Combine(run, "topology.gml"));
        File.WriteAllText(flows, """
            [{"start": "a", "end": "d", "all_bandwidth": {"0": 5}, "start_time": 0, "end_time": 100000, "flow_id": "a"}]
            """);
        File.WriteAllText(weights, "[1, 2, 1, 1, 1, 1, 1, 1]");
        File.WriteAllText(changes, """{"60000": {"missing_links": [["a", "b", 0], ["b", "a", 0]]}}""");
        File.WriteAllText(Path.Combine(run, "experiment.conf"), """
            akkalb.network {
              topology = topology.gml, topology-changes = topology_changes.json, flows.at = 60s, routing { paths = igp, hash = fluid }
            }
            """);
        string output = _files["out"];
        async Task<JsonElement> Exported(params string[] options) => await JsonAsync(
            new Cli(), ["export", run, "--format", format, "--out", output, "--force", .. options]);
        JsonElement left = await JsonAsync(new Cli(), [
            "evaluate", "--topology", _files.Topology, "--flows", flows, "--weights", weights, "--hash", "fluid", "--routing", "igp",
            "--changes", changes, "--at", "60000"]);

        (await Exported()).GetProperty("phi").GetDouble().ShouldBe(left.GetProperty("phi").GetDouble());
        File.ReadAllLines(output).Count(line => line.Length > 0).ShouldBe(1 + links);
        (await Exported("--at", "0")).GetProperty("phi").GetDouble().ShouldNotBe(left.GetProperty("phi").GetDouble());
        File.ReadAllLines(output).Count(line => line.Length > 0).ShouldBe(1 + links + 2);
    }

    [Fact]
    public async Task Optimise_Ospf_MetricsEvaluateToTheResult()
    {
        string output = _files["ospf.csv"];
        string[] optimise = ["optimise", .. Options, "--search", "ospf", "--evaluations", "500", "--objective", "fortz-thorup"];
        JsonElement document = await JsonAsync(new Cli(), [.. optimise, "--out", output]);
        JsonElement again = await JsonAsync(new Cli(), ["evaluate", "--topology", output, .. Options[2..]]);

        document.GetProperty("objectiveValue").GetDouble().ShouldBeLessThanOrEqualTo(document.GetProperty("before").GetDouble());
        again.GetProperty("fortzThorup").GetDouble().ShouldBe(document.GetProperty("objectiveValue").GetDouble(), 1e-12);
        (await JsonAsync(new Cli(), optimise)).GetProperty("metrics").GetRawText().ShouldBe(document.GetProperty("metrics").GetRawText());
    }

    [Fact]
    public async Task Optimise_Demands_FindsBetterThanEqualWeights()
    {
        JsonElement document = await JsonAsync(new Cli(), ["optimise", .. Options, "--generations", "5", "--population", "10"]);

        document.GetProperty("routing").GetString().ShouldBe("igp");
        document.GetProperty("phi").GetDouble().ShouldBeLessThan(document.GetProperty("ecmp").GetDouble());
    }

    [Fact]
    public async Task Generate_ImportedTopology_IsRoutedOnItsOwnMetrics()
    {
        JsonElement document = await JsonAsync(new Cli(), ["generate", "--topology", _links, "--out", _files["f.json"]]);

        document.GetProperty("routing").GetString().ShouldBe("igp");
        document.GetProperty("splitting").GetString().ShouldBe("fluid");
    }

    [Fact]
    public async Task Generate_Masses_ChangeTheTraffic()
    {
        string masses = _files.Write("masses.csv", "node,mass\na,100\nb,1\nc,1\nd,1\ne,1\n");
        string[] generate = ["generate", "--topology", _links, "--mean-load", "0.1", "--force", "--out", _files["f.json"]];
        await JsonAsync(new Cli(), generate);
        string byCapacity = File.ReadAllText(_files["f.json"]);
        await JsonAsync(new Cli(), [.. generate, "--masses", masses]);

        File.ReadAllText(_files["f.json"]).ShouldNotBe(byCapacity);
        await new Cli().ShouldRefuseAsync(
            ["network", "generate", "--topology", "4-node", "--out", _files["g.json"], "--masses",
                _files.Write("bad.csv", "node,mass\nq,1\n")],
            "bad.csv, line 2: expected a node of 4-node");
        File.Exists(_files["g.json"]).ShouldBeFalse();
    }

    private string Weights() => _files.Write("w.json", "[1, 2, 1, 1, 1, 1, 1, 2, 1, 1]");

    private static async Task<JsonElement> JsonAsync(Cli cli, string[] arguments)
    {
        (await cli.InvokeAsync(["network", .. arguments, "--json"])).ShouldBe(ExitCodes.Success, cli.Error);
        return JsonSerializer.Deserialize<JsonElement>(cli.Output);
    }
}
