using System.Text;
using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

public class DemandReaderTests
{
    private static readonly ImportedTopology Network = TopologyImport.Read(NetworkTexts.Csv, "t", new ImportOptions());

    public static TheoryData<byte[], string> Formats => new()
    {
        { Encoding.UTF8.GetBytes(NetworkTexts.SndlibXml), "demands are taken to be in Mbit/s (SNDlib XML)" },
        { Encoding.UTF8.GetBytes(NetworkTexts.SndlibNative), "demands are taken to be in Mbit/s (SNDlib native)" },
        { Encoding.UTF8.GetBytes(NetworkTexts.RepetitaDemands), "demands are taken to be in kbit/s (REPETITA)" },
        { Encoding.UTF8.GetBytes(NetworkTexts.CsvDemands), "demands are taken to be in bit/s (CSV)" },
        { NetworkTexts.NumPy(new double[,] { { 0, 0, 3e6 }, { 1.5e6, 0, 0 }, { 0, 0, 0 } }), "demands are taken to be in bit/s (NumPy)" },
        { NetworkTexts.NumPy(new double[,] { { 0, 0, 3e6 }, { 1.5e6, 0, 0 }, { 0, 0, 0 } }, byColumns: true),
            "demands are taken to be in bit/s (NumPy)" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_EveryFormat_IsTheSameMatrix(byte[] bytes, string note)
    {
        DemandMatrix matrix = DemandReader.Read(bytes, "d", Network);

        matrix.Demands.ShouldBe([new Demand(new NodeId(0), new NodeId(2), 3e6), new Demand(new NodeId(1), new NodeId(0), 1.5e6)]);
        matrix.Notes.ShouldBe([note]);
        matrix.Total.ShouldBe(4.5e6);
    }

    [Fact]
    public void Read_Unit_ScalesBareNumbersOnly() =>
        Read("from,to,rate\na,b,2\nb,c,2k\n", unit: 1e9).Demands.Select(demand => demand.Rate).ShouldBe([2e9, 2e3]);

    [Fact]
    public void Read_NothingWithAUnit_IsNothing() =>
        Read("from,to,rate\na,b,0M\nb,c,2k\n").Demands.ShouldBe([new Demand(new NodeId(1), new NodeId(2), 2e3)]);

    [Fact]
    public void Read_OtherColumns_AreNoted() =>
        Read("from,to,rate,class,at\na,b,1,gold,5\n").Notes[0].ShouldBe("columns that are not read: class, at");

    [Fact]
    public void Read_OwnAndRepeatedPairs_AreNoted() => Read("from,to,rate\na,a,2\na,b,1\na,b,2\nb,c,0\n").ShouldSatisfyAllConditions(
        matrix => matrix.Demands.ShouldBe([new Demand(new NodeId(0), new NodeId(1), 3)]),
        matrix => matrix.Notes.Skip(1).ShouldBe(
            ["1 demands from a node to itself are left out", "1 demands of a pair that has one already are added to it"]));

    [Fact]
    public void Read_NodesLeftOutOfTheTopology_TakeTheirDemandsWithThem()
    {
        ImportedTopology network = TopologyImport.Read(
            "from,to\nx,y\na,b\nb,c\n", "t", new ImportOptions());

        DemandMatrix matrix = DemandReader.Read(
            Encoding.UTF8.GetBytes("DEMANDS 2\nlabel src dest bw\nd0 0 2 3\nd1 2 4 5\n"), "d", network);

        network.Topology.Labels.ShouldBe(["a", "b", "c"]);
        matrix.Demands.ShouldBe([new Demand(new NodeId(0), new NodeId(2), 5e3)]);
        matrix.Notes[1].ShouldBe("demands of \"0\" are left out with these nodes");
    }

    [Theory]
    [InlineData("from,to,rate\na,q,1\n", "d, line 2: expected a node of t, found 'q'")]
    [InlineData("from,to,start,end,rate\na,b,0,5,1\n", "d: found flow records, which have a start and an end, expected one matrix; "
        + "'akkalb network traffic' makes flows of one file of records")]
    [InlineData("NODES ( a b )\nDEMANDS ( d ( a b ) 0 3 UNLIMITED )", "d, line 2: expected a routing unit above 0, found '0'")]
    [InlineData("DEMANDS 1\nlabel src dest bw\nd0 0 2 3\n\nd1 1 0 5\n",
        "d, line 5: found more than the 1 rows of DEMANDS, expected the end of the file")]
    [InlineData("from,to,rate\na,b,-1\n", "d, line 2: expected a rate from 0, such as 12.5 or 2.5G, found '-1'")]
    [InlineData("from,to,rate\na,b,NaN\n", "d, line 2: expected a rate from 0, such as 12.5 or 2.5G, found 'NaN'")]
    [InlineData("from,to,rate\n", "d: expected at least one demand above 0 between two nodes of t, found none")]
    [InlineData("from,to,rate\na,b,0\n", "d: expected at least one demand above 0 between two nodes of t, found none")]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]><network/>", "d: expected XML without a document type (<!DOCTYPE), which is not read")]
    [InlineData("from,to\na,b\n", "d, line 1: expected a column rate or demand or bandwidth or value, found from,to")]
    [InlineData("DEMANDS 1\nlabel src dest bw\nd 0 3 1\n", "d, line 3: expected a node from 0 to 2, found '3'")]
    [InlineData("<network><networkStructure/></network>", "d: expected demands in the SNDlib file, found none")]
    [InlineData("<graphml/>", "d: found XML with <graphml>, expected SNDlib: <network>, or TOTEM: <TrafficMatrixFile>")]
    [InlineData("<network><meta><unit>FURLONGS</unit></meta><demands/></network>",
        "d: unit: expected BITPERSEC, KBITPERSEC, MBITPERSEC or GBITPERSEC, found 'FURLONGS'")]
    public void Read_Malformed_OneLineSaysWhere(string text, string message) =>
        Should.Throw<InvalidInputException>(() => Read(text)).Message.ShouldBe(message);

    [Fact]
    public void Read_NumPyOfAnotherSize_IsRefused() =>
        Should.Throw<InvalidInputException>(() => DemandReader.Read(NetworkTexts.NumPy(new double[2, 2]), "d", Network)).Message
            .ShouldBe("d: found an array of 2 × 2, expected 3 × 3 for the nodes of t");

    private static DemandMatrix Read(string text, double? unit = null) => DemandReader.Read(
        Encoding.UTF8.GetBytes(text), "d", Network, unit);
}
