using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.Network;

public class TopologyImportTests
{
    private const string Zoo = """
        graph [
          Network "Example"
          label "Example"
          multigraph 1
          node [ id 0 label "Oslo" Latitude 59.9 Internal 1 ]
          node [ id 1 label "Oslo" Latitude 59.9 ]
          node [ id 2 label "Bergen &#38; more" hyperedge 1 ]
          node [ id 3 label "Tromsø" ]
          node [ id 4 ]
          edge [ source 0 target 1 LinkSpeed "10" LinkSpeedUnits "G" LinkLabel "10 Gbps" LinkSpeedRaw 10000000000.0 ]
          edge [ source 1 target 2 LinkLabel "unknown" ]
          edge [ source 0 target 2 LinkSpeed "155" LinkSpeedUnits "M" ]
          edge [ source 2 target 0 LinkSpeedRaw 0.0 key 0 ]
          edge [ source 2 target 2 ]
          edge [ source 3 target 4 LinkSpeed "100" ]
        ]
        """;

    [Fact]
    public void Read_ZooGml_IsMadeATopologyAndEveryChangeIsNoted()
    {
        ImportedTopology imported = TopologyImport.Read(Zoo, "zoo.gml", new ImportOptions { DefaultCapacity = 2.5e9 });

        Topology topology = imported.Topology;
        topology.Labels.ShouldBe(["Oslo (0)", "Oslo (1)", "Bergen & more"]);
        topology.LinkCount.ShouldBe(8);
        double Capacity(string from, string to, int key = 0) => topology.Links[topology.FindLink(from, to, key)!.Value.Index].Capacity;
        Capacity("Oslo (0)", "Oslo (1)").ShouldBe(10e9);
        Capacity("Oslo (1)", "Oslo (0)").ShouldBe(10e9);
        Capacity("Oslo (1)", "Bergen & more").ShouldBe(2.5e9);
        Capacity("Oslo (0)", "Bergen & more").ShouldBe(155e6);
        Capacity("Bergen & more", "Oslo (0)", 1).ShouldBe(2.5e9);
        imported.DefaultCapacities.ShouldBe(3);
        imported.Notes.ShouldBe(
        [
            "1 edge has its capacity of LinkSpeedRaw",
            "1 edge has its capacity of LinkSpeed",
            "3 edges tell no capacity: 2.5Gbit/s each",
            "1 loop from a node to itself left out",
            "2 nodes share \"Oslo\": their ids were added",
            "2 components: the largest is kept, \"Tromsø\", \"4\" left out",
            "1 node stands for a hyperedge, and is kept as a node",
            "1 edge is parallel to another, and is kept with a key",
            "the GML is undirected: every edge became two opposite links",
        ]);
        GmlTopology.Read(GmlTopology.Write(topology), "again").Links.Select(l => (l.From, l.To, l.Key, l.Capacity))
            .ShouldBe(topology.Links.Select(l => (l.From, l.To, l.Key, l.Capacity)));
    }

    /// <summary>What names ids or places of the file means the same nodes once it is imported: one was left out, ids begin at 1.</summary>
    [Theory]
    [InlineData(Zoo)]
    [InlineData("""
        {"nodes": [{"id": "1", "label": "x"}, {"id": "2", "label": "y"}, {"id": "3", "label": "z"}],
         "links": [{"source": "1", "target": "3"}]}
        """)]
    [InlineData("NODES 3\nlabel x y\nZ 0 0\nA 1 0\nB 2 0\nEDGES 1\nlabel src dest weight bw delay\ne 1 2 1 1000 1\n")]
    public void ReadAny_OfWhatWasWritten_HasTheNodesOfTheFile(string text)
    {
        ImportedTopology imported = TopologyImport.Read(text, "file", new ImportOptions());
        imported.Nodes.ShouldNotBeEmpty();

        ImportedTopology again = TopologyImport.ReadAny(GmlTopology.Write(imported.Topology), "again", new ImportOptions());

        again.Nodes.ShouldBe(imported.Nodes);
        GmlTopology.Write(again.Topology).ShouldBe(GmlTopology.Write(imported.Topology));
        double[] ones = [.. Enumerable.Repeat(1.0, imported.Topology.LinkCount)];
        ImportedTopology graph = TopologyImport.Read(TopologyText.GraphMl(imported.Topology, ones, ones), "graph", new ImportOptions());
        foreach ((string id, _, NodeId? node) in imported.Nodes.Where(node => node.Node is not null))
        {
            graph.TryFindNode(id, out NodeId? found).ShouldBeTrue();
            found.ShouldBe(node);
        }
    }

    [Theory]
    [InlineData(false, "from,to,capacity,weight,directed")]
    [InlineData(true, "from,to,capacity,weight")]
    public void MetricsCsv_ReadsBackAsTheSameNetwork(bool hasAnOpposite, string header)
    {
        string edges = string.Concat(new[] { (0, 1), (1, 2), (2, 0) }.Concat(hasAnOpposite ? [(1, 0)] : [])
            .Select(edge => $"edge [ source {edge.Item1} target {edge.Item2} bandwidth 1000 ]\n"));
        Topology topology = GmlTopology.Read(
            $"graph [ directed 1 node [ id 0 label \"a\" ] node [ id 1 label \"b\" ] node [ id 2 label \"c\" ]\n{edges}]", "ring.gml");

        string csv = TopologyText.MetricsCsv(topology, [.. topology.Links.Select((_, link) => link + 1.0)]);
        Topology again = TopologyImport.Read(csv, "ring.csv", new ImportOptions()).Topology;

        csv.Split('\n')[0].ShouldBe(header);
        again.Links.Select(link => (again.Labels[link.From.Index], again.Labels[link.To.Index], link.Metric))
            .ShouldBe(topology.Links.Select(
                (link, i) => (topology.Labels[link.From.Index], topology.Labels[link.To.Index], (double?)i + 1)));
    }

    [Fact]
    public void Read_CsvWithAnOddDirection_NamesTheLine() =>
        Should.Throw<InvalidInputException>(() => TopologyImport.Read("from,to,directed\na,b,1\nb,c,yes\n", "x.csv", new ImportOptions()))
            .Message.ShouldBe("x.csv, line 3: directed: expected 0 or 1, found 'yes'");

    /// <summary>What stands there and is no speed is said, whatever its key; a number without units, nothing and 0 tell none.</summary>
    [Theory]
    [InlineData("LinkSpeed \"< 2.5 \"", "< 2.5 ")]
    [InlineData("LinkSpeed \"< 2.5 \" LinkSpeedUnits \"G\"", "< 2.5 G")]
    [InlineData("LinkSpeed \"10-100\"", "10-100")]
    [InlineData("LinkSpeed \"10\" LinkSpeedUnits \"GB/s\"", "10GB/s")]
    [InlineData("capacity \"10-100\"", "10-100")]
    [InlineData("LinkSpeed \"100\"", null)]
    [InlineData("LinkSpeed \"0\" LinkSpeedUnits \"G\"", null)]
    [InlineData("LinkSpeed \"\" LinkSpeedUnits \"G\"", null)]
    public void Read_CapacityThatIsNotUnderstood_IsNoted(string attributes, string? unread)
    {
        ImportedTopology imported = TopologyImport.Read(
            $"graph [ node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 {attributes} ] ]", "t.gml", new ImportOptions());
        string[] expected = unread is null ? [] : [$"1 capacity is not understood: '{TextInput.Shown(unread)}'"];
        imported.Notes.ShouldBe(
            [.. expected, "1 edge tells no capacity: 10Gbit/s", "the GML is undirected: every edge became two opposite links"]);
    }

    [Fact]
    public void Read_Components_AreRefusedWhereAskedFor() =>
        Should.Throw<InvalidInputException>(() => TopologyImport.Read(Zoo, "zoo.gml", new ImportOptions { RefuseComponents = true }))
            .Message.ShouldBe("zoo.gml: found 2 components, expected a connected graph; \"Tromsø\", \"4\" not in the largest");

    /// <summary>A label goes to terminals and into routers' configurations.</summary>
    [Fact]
    public void Read_LabelsWithControlCharacters_GetSpaces()
    {
        ImportedTopology imported = TopologyImport.Read("from,to,capacity\na\u001bb,c\u009b,1M\na b,d,1M\na\u001bb,d,1M\n", "t.csv",
            new ImportOptions());
        imported.Topology.Labels.ShouldBe(["a b (a b)", "c ", "a b (a b)'", "d"]);
        imported.Notes.ShouldContain("2 labels have control characters, now spaces");
    }

    [Fact]
    public void Read_GraphMl_GoesByTheNamesOfItsKeys()
    {
        const string text = """
            <?xml version="1.0" encoding="utf-8"?>
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
              <key attr.name="LinkSpeedRaw" attr.type="double" for="edge" id="d36" />
              <key attr.name="label" attr.type="string" for="node" id="d33" />
              <key attr.name="bandwidth" for="edge" id="d40"><default>1000000</default></key>
              <graph edgedefault="directed">
                <node id="0"><data key="d33">Genève</data></node>
                <node id="1"><data key="d33">London</data></node>
                <edge source="0" target="1"><data key="d40">5000000</data></edge>
                <edge source="1" target="0" />
              </graph>
            </graphml>
            """;
        ImportedTopology imported = TopologyImport.Read(text, "t.graphml", new ImportOptions());

        imported.Format.ShouldBe("GraphML");
        imported.Topology.Labels.ShouldBe(["Genève", "London"]);
        imported.Topology.Links.Select(l => l.Capacity).ShouldBe([5e6, 1e6]);
        imported.Notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<html></html>", "t: found XML with <html>, expected GraphML")]
    [InlineData("<graphml>", "t, line 1: not valid XML")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><graphml/>", "expected XML without a document type")]
    [InlineData("<graphml><graph><node/></graph></graphml>", "t, line 1: <node> has no id")]
    [InlineData("<graphml><graph><hyperedge/></graph></graphml>", "found a <hyperedge>")]
    [InlineData("graph [ node [ label \"a\" ] ]", "t, line 1: node has no id")]
    [InlineData("graph [ node [ id 1 ] node [ id 1 ] ]", "node id 1 appears twice")]
    [InlineData("graph [ node [ id 1 ] edge [ source 1 target 2 ] ]", "t, line 1: edge names node 2, expected the id of a node")]
    [InlineData("graph [ node [ id 1 ] edge [ source 1 target 1 ] ]", "expected at least one edge between two different nodes")]
    [InlineData("nodes [ ]", "t: expected a list graph [ … ]")]
    [InlineData("{ \"nodes\": [] }", "expected node-link JSON with a list \"links\" or \"edges\"")]
    public void Read_Malformed_SaysWhereAndWhatWasExpected(string text, string expected) =>
        Should.Throw<InvalidInputException>(() => TopologyImport.Read(text, "t", new ImportOptions())).Message.ShouldContain(expected);

    [Fact]
    public void Read_DrawnGraphsOfAllTraits_AreAllReadWithTheEdgesOfTheFile()
    {
        var random = new RandomStream(3, "zoo");
        for (int graph = 0; graph < 200; graph++)
        {
            int nodes = 2 + random.NextInt32(40);
            string[] labels = [.. Enumerable.Range(0, nodes).Select(
                _ => random.NextInt32(4) == 0 ? "None" : $"City {random.NextInt32(nodes)}")];
            var edges = new List<(int From, int To, string Speed)>();
            for (int node = 1; node < nodes; node++)
            {
                edges.Add((random.NextInt32(node), node, Speed()));
            }

            for (int more = random.NextInt32(10); more > 0; more--)
            {
                edges.Add((random.NextInt32(nodes), random.NextInt32(nodes), Speed()));
            }

            string text = "graph [\n"
                + string.Concat(labels.Select((label, id) => $"node [ id {id} label \"{label}\" hyperedge {id % 2} ]\n"))
                + string.Concat(edges.Select(e => $"edge [ source {e.From} target {e.To} {e.Speed} ]\n")) + "]\n";
            Topology topology = TopologyImport.Read(text, $"graph {graph}", new ImportOptions()).Topology;

            topology.NodeCount.ShouldBe(nodes);
            topology.LinkCount.ShouldBe(2 * edges.Count(e => e.From != e.To));
            topology.Links.Select(l => (l.From.Index, l.To.Index)).Order().ShouldBe(
                edges.Where(e => e.From != e.To).SelectMany(e => new[] { (e.From, e.To), (e.To, e.From) }).Order());
        }

        string Speed() => random.NextInt32(4) switch
        {
            0 => "LinkSpeedRaw 1.0E10",
            1 => "LinkSpeed \"2.5\" LinkSpeedUnits \"G\"",
            2 => "bandwidth 1000000",
            _ => "LinkLabel \"< 10 Gbps\"",
        };
    }

    [Theory]
    [InlineData("10G", 10e9)]
    [InlineData("2.5 Gbit/s", 2.5e9)]
    [InlineData("155Mbps", 155e6)]
    [InlineData("64k", 64e3)]
    [InlineData("1.5Tb/s", 1.5e12)]
    [InlineData("1e9", 1e9)]
    [InlineData("100", 100.0)]
    [InlineData("10GB/s", null)]
    [InlineData("10GBps", null)]
    [InlineData("10GBPS", 10e9)]
    [InlineData("-1G", null)]
    [InlineData("0", null)]
    [InlineData("G", null)]
    [InlineData("1e300T", null)]
    [InlineData("<10G", null)]
    public void LinkSpeed_Text_IsBitsPerSecondOrNothing(string text, double? expected) => LinkSpeed.Parse(text).ShouldBe(expected);
}
