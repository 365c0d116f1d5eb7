using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

public class GmlTopologyTests
{
    [Fact]
    public void Write_AndRead_GiveTheSameTopology() => RandomNetwork.ForAll((network, _) =>
    {
        Topology read = GmlTopology.Read(GmlTopology.Write(network.Topology), "random.gml");
        read.Labels.ShouldBe(network.Topology.Labels);
        read.Links.ShouldBe(network.Topology.Links);
    });

    /// <summary>The Topology Zoo's degrees, other programs' drawings with y downwards, and a node without either.</summary>
    [Fact]
    public void Read_Positions_AreKeptByWriteAndWithout()
    {
        Topology topology = GmlTopology.Read(
            "graph [ node [ id 0 Longitude 23.72 Latitude 37.98 graphics [ x 1 y 1 ] ] node [ id 1 graphics [ x -4 y 2.5 ] ]\n"
            + "node [ id 2 Longitude \"?\" Latitude 1 ] edge [ source 0 target 1 bandwidth 1 ] edge [ source 1 target 2 bandwidth 1 ] ]",
            "t");

        topology.Positions.ShouldBe([new NodePosition(23.72, 37.98), new NodePosition(-4, -2.5), null]);
        GmlTopology.Read(GmlTopology.Write(topology), "t").Positions.ShouldBe(topology.Positions);
        topology.Without(new HashSet<LinkId> { new(0) }).Positions.ShouldBe(topology.Positions);
        GmlTopology.Read("graph [ node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 bandwidth 1 ] ]", "t").Positions.ShouldBeEmpty();
    }

    [Fact]
    public void Write_LabelsOfOtherScripts_AreEntitiesThatReadBack()
    {
        string[] labels = ["Αθήνα", "Łódź & \"<Kraków>\"", "北京", "😀 it's", "\u0085\u00A0", "&#54;"];
        Link[] links = [.. Enumerable.Range(1, labels.Length - 1).Select(
            to => new Link(new NodeId(0), new NodeId(to), 1e6, 0, $"→ {labels[to]}"))];

        string gml = GmlTopology.Write(new Topology("t", labels, links));

        gml.ShouldAllBe(c => char.IsAscii(c));
        gml.ShouldContain("label \"&#913;&#952;&#942;&#957;&#945;\"");
        gml.ShouldContain("&#128512; it&#39;s");
        Topology read = GmlTopology.Read(gml, "t.gml");
        read.Labels.ShouldBe(labels);
        read.Links.ShouldBe(links);
    }

    [Theory]
    [InlineData("a [\n", "line 65")]
    [InlineData("graph [ node [ id 0 graphics [ ", "line 1")]
    public void Read_NestedWithoutEnd_IsRefusedWithItsLine(string open, string line) =>
        Should.Throw<InvalidInputException>(() => GmlTopology.Read(string.Concat(Enumerable.Repeat(open, 50_000)), "t.gml"))
            .Message.ShouldBe($"t.gml, {line}: expected at most 64 lists inside each other");

    [Fact]
    public void Read_ManyListsSideBySide_AreNotNested() =>
        GmlTopology.Read(
            $"{string.Concat(Enumerable.Repeat("x [ y [ ] ] ", 500))} {Graph("directed 1", "edge [ source 0 target 1 bandwidth 1 ]")}",
            "t.gml")
            .LinkCount.ShouldBe(1);

    [Fact]
    public void Read_TopologyZooDialect_IgnoresWhatItDoesNotNeed()
    {
        const string gml = """
            Creator "Topology Zoo Toolset"   # comments end with the line [
            graph [
              directed 0 DateObtained "3/02/11" Network "AT&amp;T &#8211; [core]"
              node [ id 7 label "S&#227;o
            Paulo" Longitude -46.6 graphics [ x 1 y 2 ] ]
              node [ id "b" ]
              edge[source 7 target "b" LinkSpeedRaw 1e10 bandwidth 25e6 id "e1"]
            ]
            """;

        Topology topology = GmlTopology.Read(gml, "zoo.gml");

        topology.Labels.ShouldBe(["São\nPaulo", "b"]);
        topology.Links.ShouldBe(
            [new Link(new NodeId(0), new NodeId(1), 25e6, 0, "e1"), new Link(new NodeId(1), new NodeId(0), 25e6, 0, "e1_r")]);
    }

    [Fact]
    public void Read_ParallelEdgesWithoutKeys_GetTheNextFreeKey()
    {
        Topology topology = GmlTopology.Read(
            Graph("directed 1 multigraph 1", "edge [ source 0 target 1 bandwidth 1 ] edge [ source 0 target 1 bandwidth 2 ]"), "t.gml");
        topology.Links.Select(link => (link.Key, link.Capacity)).ShouldBe([(0, 1d), (1, 2d)]);
    }

    [Theory]
    [InlineData("graph [ node [ id 0 ]", "t.gml, line 1: the file ends inside the list opened at line 1, expected ]")]
    [InlineData("graph [\n] ]", "t.gml, line 2: found ] without [")]
    [InlineData("graph [\n\n label \"x ]", "t.gml, line 3: the string opened here is never closed")]
    [InlineData("graph [\n directed yes ]", "t.gml, line 2: value yes of key directed is neither a number, a quoted string nor a list")]
    [InlineData("graph [\n directed 2 ]", "t.gml, line 2: directed is 2, expected 0 or 1")]
    [InlineData("graph [ 5 ]", "t.gml, line 1: found '5', expected a key")]
    [InlineData("graph [ node ]", "t.gml, line 1: key node has no value")]
    [InlineData("graph [ node 3 ]", "t.gml, line 1: node is not a list, expected node [ … ]")]
    [InlineData("graph [ ]", "t.gml: expected at least one node [ … ]")]
    [InlineData("\n<?xml version=\"1.0\"?><graphml/>", "t.gml, line 2: found XML, expected GML: graph [ … ]")]
    [InlineData("{\"nodes\": []}", "t.gml, line 1: found JSON, expected GML: graph [ … ]")]
    [InlineData("graph 1", "t.gml: expected a list graph [ … ]")]
    [InlineData("", "t.gml: expected a list graph [ … ]")]
    [InlineData("graph [ node [\n label \"a\" ] ]", "t.gml, line 1: node has no id")]
    [InlineData("graph [ node [ id 0 ] node [ id 0 label \"b\" ] ]", "t.gml, line 1: node id 0 appears twice, ids must be unique")]
    [InlineData(
        "graph [ node [ id 0 label \"b\" ]\n node [ id 1 label \"b\" ] ]",
        "t.gml, line 2: node label \"b\" appears twice, labels must be unique")]
    [InlineData(
        "graph [\n node [ id 0 label \"a\u001b[2J\" ] ]",
        "t.gml, line 2: node label a\u001b[2J has control characters, expected none")]
    public void Read_MalformedFile_SaysWhereAndWhat(string gml, string message) =>
        Should.Throw<InvalidInputException>(() => GmlTopology.Read(gml, "t.gml")).Message.ShouldBe(message);

    [Theory]
    [InlineData("", "t.gml: expected at least one edge [ … ]")]
    [InlineData("edge [ source 0 target 1 ]", "t.gml, line 3: edge a → b has no bandwidth, expected bandwidth in bit/s")]
    [InlineData(
        "edge [ source 0 target 1\n bandwidth -5 ]", "t.gml, line 4: edge a → b has bandwidth -5, expected a positive number of bit/s")]
    [InlineData("edge [ source 0 target 1 bandwidth 0 ]", "t.gml, line 3: edge a → b has bandwidth 0, expected a positive number of bit/s")]
    [InlineData(
        "edge [ source 0 target 1 bandwidth \"10G\" ]", "t.gml, line 3: edge a → b has bandwidth 10G, expected a positive number of bit/s")]
    [InlineData(
        "edge [ source 0 target 1 bandwidth 2e-310 ]",
        "t.gml, line 3: edge a → b has bandwidth 2e-310, expected 1E-60 to 1E+60 bit/s")]
    [InlineData(
        "edge [ source 0 target 1 bandwidth 1e200 ]",
        "t.gml, line 3: edge a → b has bandwidth 1e200, expected 1E-60 to 1E+60 bit/s")]
    [InlineData("edge [ source 0 target 9 bandwidth 1 ]", "t.gml, line 3: edge has target 9, expected the id of a node")]
    [InlineData("edge [ target 1 bandwidth 1 ]", "t.gml, line 3: edge has no source")]
    [InlineData("edge [ source 0 target 0 bandwidth 1 ]", "t.gml, line 3: edge a → a is a self-loop, expected two different nodes")]
    [InlineData("edge [ source 0 target 1 key -1 bandwidth 1 ]", "t.gml, line 3: edge a → b has key -1, expected an integer ≥ 0")]
    [InlineData("edge [ source 0 target 1 bandwidth 1 ]\nedge [ source 0 target 1 bandwidth 1 ]",
        "t.gml, line 4: edge a → b appears twice, parallel edges need multigraph 1")]
    public void Read_BadEdge_SaysWhereAndWhat(string edges, string message) =>
        Should.Throw<InvalidInputException>(() => GmlTopology.Read(Graph("directed 1", edges), "t.gml")).Message.ShouldBe(message);

    [Fact]
    public void Read_UndirectedEdgeInBothDirections_IsRefused() =>
        Should.Throw<InvalidInputException>(() => GmlTopology.Read(
            Graph("directed 0", "edge [ source 0 target 1 bandwidth 1 ] edge [ source 1 target 0 bandwidth 1 ]"), "t.gml"))
            .Message.ShouldBe("t.gml, line 3: edge b → a appears twice, parallel edges need multigraph 1");

    private static string Graph(string flags, string edges) =>
        $"graph [ {flags}\nnode [ id 0 label \"a\" ] node [ id 1 label \"b\" ]\n{edges}\n]";
}
