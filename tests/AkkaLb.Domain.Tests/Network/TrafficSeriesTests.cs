using System.Text;
using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

/// <summary>Traffic over time: series of matrices, days, and records of collectors.</summary>
public class TrafficSeriesTests
{
    private const long Hour = 3_600_000;

    private static readonly ImportedTopology Network = TopologyImport.Read("from,to\na,b\nb,c\n", "t", new ImportOptions());

    private static Topology Topology => Network.Topology;

    [Fact]
    public void Of_MatricesOneAfterTheOther_ChangeRatesWhereTheyDiffer()
    {
        FlowSet flows = TrafficSeries.Of(
            [Matrix("from,to,rate\na,b,5\nb,c,1\n"), Matrix("from,to,rate\na,b,5\na,c,2\n"), Matrix("from,to,rate\na,b,7\na,c,2\n")], 100,
            Topology);
        flows.Flows.Select(flow => flow.Id.Value).ShouldBe(["a → b", "b → c", "a → c"]);
        flows.Flows[0].Rates.ShouldBe([new(0, 5), new(200, 7)]);
        flows.Flows[1].Rates.ShouldBe([new(0, 1), new(100, 0)]);
        flows.Flows[2].Rates.ShouldBe([new(0, 0), new(100, 2)]);
        flows.Flows.ShouldAllBe(flow => flow.StartMs == 0 && flow.EndMs == 300);
        flows.ActiveAt(150).Select(flow => flow.Rate).ShouldBe([5, 0, 2]);
    }

    [Fact]
    public void OfDay_AnyAmplitude_HasItsPeakAndItsMean()
    {
        FlowSet day = TrafficSeries.OfDay(Matrix("from,to,rate\na,b,100\n"), 0.5, 20, Topology);
        Flow flow = day.Flows.ShouldHaveSingleItem();
        double[] rates = [.. Enumerable.Range(0, 24).Select(hour => flow.RateAt(hour * Hour)!.Value)];
        rates[20].ShouldBe(150, 1e-9);
        rates[8].ShouldBe(50, 1e-9);
        rates.Average().ShouldBe(100, 1e-9);
        flow.EndMs.ShouldBe(24 * Hour);
        TrafficSeries.OfDay(Matrix("from,to,rate\na,b,100\n"), 0, 20, Topology).Flows[0].Rates.ShouldBe([new(0, 100)]);
    }

    /// <summary>The second flow's rate at its end, and later, never holds.</summary>
    [Fact]
    public void HighestTotal_ChangesAfterAFlowsEnd_CountForNothing()
    {
        Flow lasting = new(new FlowId("a"), new NodeId(0), new NodeId(1), [new RateChange(0, 10)], 0, 1000);
        Flow ended = lasting with { Id = new FlowId("b"), EndMs = 100, Rates = [new(0, 5), new(100, 700), new(200, 0)] };
        FlowSet flows = new("t", [lasting, ended]);
        flows.HighestTotal().ShouldBe(15);
        new FlowSet("t", [ended, lasting with { StartMs = 300 }]).HighestTotal().ShouldBe(10);
    }

    [Fact]
    public void Records_OfRates_AreFlowsWithTheirTimes()
    {
        const string text = "from,to,start,end,rate\na,b,0,1000,2M\nb,a,500,501,8\nb,b,0,5,1\n";
        FlowSet flows = FlowRecords.TryRead(Encoding.UTF8.GetBytes(text), "r", Network).ShouldNotBeNull();
        flows.HighestTotal().ShouldBe(2e6 + 8);
        flows.Scaled(0.5).HighestTotal().ShouldBe(1e6 + 4);
        flows.Flows.Select(flow => (flow.Id.Value, flow.StartMs, flow.EndMs, flow.RateAt(flow.StartMs)))
            .ShouldBe([("2", 0, 1000, 2e6), ("3", 500, 501, 8)]);
    }

    [Theory]
    [InlineData("from,to,rate\na,b,5\n")]
    [InlineData("<TrafficMatrixFile/>")]
    public void Records_OfAnotherFormat_AreNone(string text) =>
        FlowRecords.TryRead(Encoding.UTF8.GetBytes(text), "r", Network).ShouldBeNull();

    /// <summary>Collectors know nodes by what the topology's file calls them.</summary>
    [Fact]
    public void Records_OfIdentifiers_AreOfTheirNodes()
    {
        ImportedTopology network = TopologyImport.Read(
            "graph [ node [ id 7 label \"a\" ] node [ id 8 label \"b\" ] node [ id 9 label \"alone\" ] edge [ source 7 target 8 ] "
                + "]", "t", new());
        FlowRecords.Read("from,to,start,end,rate\n7,8,0,5,1\n9,8,0,5,1\n", "r", network).Flows.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(flow => flow.Start.Index.ShouldBe(0), flow => flow.End.Index.ShouldBe(1));
    }

    [Fact]
    public void Records_OfBytesAndDates_CountFromTheFirst()
    {
        FlowSet flows = FlowRecords.Read(
            "ts;te;from;to;ibyt\n2026-01-31 23:59:59.500;2026-02-01 00:00:01.500;a;b;1000\n2026-01-31 23:59:58;2026-01-31 "
                + "23:59:59;b;c;125\n", "r", Network);
        flows.Flows.Select(flow => (flow.StartMs, flow.EndMs, flow.RateAt(flow.StartMs))).ShouldBe(
            [(1500, 3500, 4000.0), (0, 1000, 1000.0)]);
    }

    [Fact]
    public void Records_OfOnePacket_LastAMillisecond()
    {
        FlowSet flows = FlowRecords.Read("from,to,start,end,bytes\na,b,2000,2000,100\n", "r", Network);
        flows.Flows.Select(flow => (flow.StartMs, flow.EndMs, flow.RateAt(2000))).ShouldBe([(2000, 2001, 800_000.0)]);
    }

    [Theory]
    [InlineData("from,to,start,end\na,b,0,5", "line 1: expected a column rate or bps or bytes")]
    [InlineData("from,to,start,end,rate\na,z,0,5,1", "line 2: expected a node of")]
    [InlineData("from,to,start,end,rate\na,b,5,4,1", "line 2: expected an end not before the start, found '5' and '4'")]
    [InlineData("from,to,start,end,rate\na,b,yesterday,5,1", "line 2: expected a time in milliseconds or as")]
    [InlineData("from,to,start,end,rate\na,b,0,5,-1", "line 2: expected a rate from 0")]
    [InlineData("from,to,start,end,rate\na,b,0,5,1\na,b,2026-01-31 00:00:00,2026-01-31 00:00:01,1",
        "line 3: expected all times in milliseconds")]
    public void Records_Malformed_AreRefusedByLine(string text, string expected) =>
        Should.Throw<InvalidInputException>(() => FlowRecords.Read(text, "r", Network)).Message.ShouldContain(expected);

    [Theory]
    [InlineData("", 3e6)]
    [InlineData("""<units><unit type="time" value="s"/><unit type="bandwidth" value="Mbps"/></units>""", 3e9)]
    public void Totem_Matrix_IsInItsUnit(string info, double expected)
    {
        DemandMatrix matrix = Matrix($"""
            <?xml version="1.0"?>
            <TrafficMatrixFile><info>{info}</info><IntraTM ASID="1">
              <src id="a"><dst id="a">9</dst><dst id="b">3000</dst></src>
            </IntraTM></TrafficMatrixFile>
            """);
        matrix.Demands.ShouldBe([new Demand(Node("a"), Node("b"), expected)]);
        matrix.Notes[0].ShouldEndWith("(TOTEM)");
    }

    [Fact]
    public void Totem_NodeWithoutId_IsRefusedByLine() => Should.Throw<InvalidInputException>(
        () => Matrix("<TrafficMatrixFile>\n<IntraTM><src><dst id=\"b\">3</dst></src></IntraTM></TrafficMatrixFile>")).Message
        .ShouldBe("d, line 2: <src> has no id, expected that of a node");

    private static NodeId Node(string label) => Topology.TryFindNode(label, out NodeId node) ? node : throw new ArgumentException(label);

    private static DemandMatrix Matrix(string text) => DemandReader.Read(Encoding.UTF8.GetBytes(text), "d", Network);
}
