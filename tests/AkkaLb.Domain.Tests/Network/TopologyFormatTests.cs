using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

public class TopologyFormatTests
{
    public static TheoryData<string, string> Formats => new()
    {
        { NetworkTexts.SndlibXml, "SNDlib XML" },
        { NetworkTexts.SndlibNative, "SNDlib native" },
        { NetworkTexts.RepetitaGraph, "REPETITA" },
        { NetworkTexts.Csv, "CSV" },
        { NetworkTexts.NodeLink, "node-link JSON" },
        { NetworkTexts.GraphMl, "GraphML" },
        { NetworkTexts.Gml, "GML" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_EveryFormat_IsTheSameNetworkWithItsMetrics(string text, string format)
    {
        ImportedTopology imported = TopologyImport.Read(text, "t", new ImportOptions());

        imported.Format.ShouldBe(format);
        imported.DefaultCapacities.ShouldBe(0);
        Topology topology = imported.Topology;
        topology.Origin.ShouldBe(format);
        topology.Labels.ShouldBe(["a", "b", "c"]);
        (string, double, double?) Of(string from, string to) =>
            topology.Links[topology.FindLink(from, to)!.Value.Index] is var link ? (from + to, link.Capacity, link.Metric) : default;
        new[] { Of("a", "b"), Of("b", "a"), Of("b", "c"), Of("c", "b"), Of("a", "c"), Of("c", "a") }.ShouldBe(
            [("ab", 100e6, 1), ("ba", 100e6, 1), ("bc", 40e6, 2), ("cb", 40e6, 2), ("ac", 10e6, 3), ("ca", 10e6, 3)]);
        topology.LinkCount.ShouldBe(6);
    }

    [Fact]
    public void Read_ImportedAndWritten_IsReadAgainAsTheSame()
    {
        Topology topology = TopologyImport.Read(NetworkTexts.SndlibXml, "t", new ImportOptions()).Topology;

        ImportedTopology again = TopologyImport.ReadAny(GmlTopology.Write(topology), "t", new ImportOptions());

        again.Format.ShouldBeNull();
        again.Topology.Origin.ShouldBe("SNDlib XML");
        again.Topology.Links.Select(link => link with { Name = "" }).ShouldBe(topology.Links);
    }

    [Fact]
    public void ReadAny_GmlWithBandwidths_IsReadStrictly()
    {
        const string negative = "graph [ node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 bandwidth -1 ] ]";

        Should.Throw<InvalidInputException>(() => TopologyImport.ReadAny(negative, "t.gml", new ImportOptions()))
            .Message.ShouldContain("bandwidth -1");
        TopologyImport.ReadAny(NetworkTexts.Gml, "t.gml", new ImportOptions()).Topology.Origin.ShouldBeNull();
    }

    /// <summary>What this program has imported is in bit/s, whatever the unit of the file was.</summary>
    [Fact]
    public void ReadAny_GmlWithBandwidthsInAUnit_AreInIt()
    {
        ImportOptions mega = new() { CapacityUnit = 1e6 };
        Topology topology = TopologyImport.ReadAny(NetworkTexts.Gml, "t.gml", new ImportOptions()).Topology;
        TopologyImport.ReadAny(NetworkTexts.Gml, "t.gml", mega).Topology.Capacities.ToArray()
            .ShouldBe(topology.Capacities.ToArray().Select(capacity => 1e6 * capacity));
        Topology imported = TopologyImport.ReadAny(NetworkTexts.RepetitaGraph, "t", mega).Topology;
        TopologyImport.ReadAny(GmlTopology.Write(imported), "t.gml", mega).Topology.Capacities.ToArray()
            .ShouldBe(imported.Capacities.ToArray());
    }

    [Theory]
    [InlineData("undirected", "directed=\"true\"", new[] { 0, 1, 1, 2, 2, 1 })]
    [InlineData("directed", "directed=\"false\"", new[] { 0, 1, 1, 2, 1, 0 })]
    public void Read_GraphMlEdgesOfOtherDirectionThanTheGraph_AreOfTheirOwn(string graph, string edge, int[] ends)
    {
        ImportedTopology imported = TopologyImport.Read(
            $"<graphml><graph edgedefault=\"{graph}\"><node id=\"a\"/><node id=\"b\"/><node id=\"c\"/>"
                + $"<edge source=\"a\" target=\"b\" {edge}/><edge source=\"b\" target=\"c\"/></graph></graphml>",
            "t", new ImportOptions());
        imported.Topology.Links.SelectMany(link => new[] { link.From.Index, link.To.Index }).ShouldBe(ends);
        imported.Notes.ShouldContain("1 of 2 edges are undirected: each became two opposite links");
    }

    [Fact]
    public void Read_CapacitiesWithUnits_AreRead() => TopologyImport.Read(
        "{\"nodes\": [{\"id\": 0}, {\"id\": 1}], \"links\": [{\"source\": 0, \"target\": 1, \"capacity\": \"2.5G\"}]}", "t",
        new ImportOptions()).Topology.Capacities.ToArray().ShouldBe([2.5e9, 2.5e9]);

    [Fact]
    public void Read_CapacitiesAndMetricsThatAreNone_AreNoted()
    {
        const string graph = "graph [ node [ id 0 ] node [ id 1 ] node [ id 2 ] edge [ source 0 target 1 capacity -5 weight -3 ] "
            + "edge [ source 1 target 2 capacity \"wide\" weight 2E10 ] ]";
        TopologyImport.Read(graph, "t", new ImportOptions()).Notes.ShouldBe(
        [
            "2 edges have a metric that is no number from 1E-06 to 1000000000",
            "2 capacities are not understood, such as 'wide'",
            "2 edges tell no capacity: 10Gbit/s each",
            "the GML is undirected: every edge became two opposite links",
        ]);
    }

    [Fact]
    public void ReadAny_GmlWithoutBandwidths_IsImported() => TopologyImport.ReadAny(
        "graph [ node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 ] ]", "t.gml", new ImportOptions { DefaultCapacity = 5 })
        .Topology.Capacities.ToArray().ShouldBe([5, 5]);

    [Fact]
    public void Read_CapacityUnit_GoesBeforeTheFormats() => TopologyImport.Read(
        NetworkTexts.RepetitaGraph, "t", new ImportOptions { CapacityUnit = 1e9 }).Topology.Capacities.ToArray().Max().ShouldBe(100_000e9);

    [Fact]
    public void Read_WhatIsSupposed_IsNoted()
    {
        TopologyImport.Read(NetworkTexts.SndlibNative, "t", new ImportOptions()).Notes.ShouldBe(
        [
            "1 links have no installed capacity: that of their first module",
            "capacities are taken to be in Mbit/s",
            "the SNDlib native is undirected: every edge became two opposite links",
        ]);
        TopologyImport.Read("source,target,weight,delay\na,b,1,9\nb,c,,9\n", "t", new ImportOptions()).Notes.ShouldBe(
        [
            "columns that are not read: delay",
            "1 of 2 edges have no metric: those of the others are left out",
            "2 edges tell no capacity: 10Gbit/s each",
            "the CSV is undirected: every edge became two opposite links",
        ]);
    }

    [Theory]
    [InlineData(NetworkTexts.SndlibXml)]
    [InlineData(NetworkTexts.SndlibNative)]
    [InlineData(NetworkTexts.RepetitaGraph)]
    [InlineData("graph [ node [ id 0 label \"a\" graphics [ x 1 y -2 ] ] node [ id 1 Longitude 1 Latitude 2 ] node [ id 2 x 3.5 y -4 ] "
        + "edge [ source 0 target 1 ] edge [ source 1 target 2 ] ]")]
    [InlineData("{\"nodes\": [{\"id\": 0, \"x\": 1, \"y\": 2}, {\"id\": 1, \"Longitude\": 1, \"Latitude\": 2}, {\"id\": 2, \"x\": 3.5, "
        + "\"y\": -4}],"
        + "\"links\": [{\"source\": 0, \"target\": 1}, {\"source\": 1, \"target\": 2}]}")]
    public void Read_FormatsWithPositions_TakeThem(string text)
    {
        Topology topology = TopologyImport.Read(text, "t", new ImportOptions()).Topology;
        topology.Positions.ShouldBe([new NodePosition(1, 2), new NodePosition(1, 2), new NodePosition(3.5, -4)]);
        GmlTopology.Read(GmlTopology.Write(topology), "t").Positions.ShouldBe(topology.Positions);
    }

    [Fact]
    public void Read_CsvWithAnOppositeEdge_IsDirected() => TopologyImport.Read(
        "from,to\na,b\nb,a\nb,c\n", "t", new ImportOptions()).Topology.LinkCount.ShouldBe(3);

    [Theory]
    [InlineData("from,to,capacity\na,b,10 apples\n",
        "t, line 2: capacity: expected a capacity such as 10G or 155000000, found '10 apples'")]
    [InlineData("from,to\na\n", "t, line 2: found 1 fields, expected 2: from,to")]
    [InlineData("from,to\na,\n", "t, line 2: to: expected a node, found nothing")]
    [InlineData("from,to\n\"a,b\n", "t, line 2: a quote is opened here and not closed")]
    [InlineData("NODES 2\nlabel x y\na 1 2\n", "t: the file ends, expected row 2 of 2 of NODES")]
    [InlineData("NODES 2\nlabel x y\na 1 2\nb 1 2\nEDGES 1\nlabel src dest weight bw delay\ne 0 1 1 1 1\ne 1 0 1 1 1\n",
        "t, line 8: found more than the 1 rows of EDGES, expected the end of the file")]
    [InlineData("NODES 1\nlabel x y\na 1 2\nEDGES 1\nlabel src dest weight bw delay\ne 0 1 1 1 1\n",
        "t, line 6: edge names node 1, expected the id of a node")]
    [InlineData("{\"nodes\": [],\n\"links\": [], \"nodes\": []}", "t, line 2: nodes: expected once, found twice")]
    [InlineData("{\"nodes\": []}", "t: expected node-link JSON with a list \"links\" or \"edges\"")]
    [InlineData("{\"nodes\": [{\"id\": 1}, {}], \"links\": []}", "t, node 1: it has no id")]
    [InlineData("NODES ( a ( 1 2 ) ) LINKS ( x ( a b", "t: the file ends, expected )")]
    [InlineData("<network/>", "t: the <network> has no <networkStructure>, expected nodes and links")]
    [InlineData("<other/>", "t: found XML with <other>, expected GraphML (<graphml> with a <graph>) or SNDlib (<network>)")]
    public void Read_Malformed_OneLineSaysWhere(string text, string message) =>
        Should.Throw<InvalidInputException>(() => TopologyImport.Read(text, "t", new ImportOptions())).Message.ShouldBe(message);

    [Fact]
    public void Read_XmlOfEndlessDepth_IsRefused() => Should.Throw<InvalidInputException>(() => TopologyImport.Read(
        string.Concat(Enumerable.Repeat("<a>", 100_000)), "t", new ImportOptions())).Message.ShouldBe(
            "t, line 1: expected at most 64 elements inside each other");
}
