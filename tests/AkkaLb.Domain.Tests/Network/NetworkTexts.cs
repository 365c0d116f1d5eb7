using System.Globalization;
using System.Text;

namespace AkkaLb.Domain.Tests.Network;

/// <summary>One small network, three nodes in a triangle, and its demands in every format that is read; made for these tests.</summary>
internal static class NetworkTexts
{
    public const string SndlibXml = """
        <?xml version="1.0" encoding="ISO-8859-1"?>
        <network xmlns="http://sndlib.zib.de/network" version="1.0">
          <networkStructure>
            <nodes coordinatesType="geographical">
              <node id="a"><coordinates><x>1.0</x><y>2.0</y></coordinates></node>
              <node id="b"><coordinates><x>1.0</x><y>2.0</y></coordinates></node>
              <node id="c"><coordinates><x>3.5</x><y>-4.0</y></coordinates></node>
            </nodes>
            <links>
              <link id="L1"><source>a</source><target>b</target>
                <preInstalledModule><capacity>100.0</capacity><cost>0.0</cost></preInstalledModule><routingCost>1.0</routingCost></link>
              <link id="L2"><source>b</source><target>c</target>
                <additionalModules><addModule><capacity>40.0</capacity><cost>7.0</cost></addModule></additionalModules>
                <routingCost>2.0</routingCost></link>
              <link id="L3"><source>a</source><target>c</target>
                <preInstalledModule><capacity>10.0</capacity><cost>0.0</cost></preInstalledModule><routingCost>3.0</routingCost></link>
            </links>
          </networkStructure>
          <demands>
            <demand id="D1"><source>a</source><target>c</target>
              <routingUnit>2</routingUnit><demandValue>1.5</demandValue></demand>
            <demand id="D2"><source>b</source><target>a</target><demandValue>1.5</demandValue></demand>
          </demands>
        </network>
        """;

    public const string SndlibNative = """
        ?SNDlib native format; type: network; version: 1.0
        # made for tests
        META ( granularity = 5min unit = MBITPERSEC )
        NODES (
          a ( 1.0 2.0 )
          b ( 1.0 2.0 )
          c ( 3.5 -4.0 )
        )
        LINKS (
          L1 ( a b ) 100.0 0.0 1.0 0.0 ( )
          L2 ( b c ) 0.0 0.0 2.0 0.0 ( 40.0 7.0 80.0 9.0 )
          L3 ( a c ) 10.0 0.0 3.0 0.0 ( )
        )
        DEMANDS (
          D1 ( a c ) 2 1.5 UNLIMITED
          D2 ( b a ) 1 1.5 UNLIMITED
        )
        ADMISSIBLE_PATHS ( D1 ( P ( L1 L2 ) ) )
        """;

    public const string RepetitaGraph = """
        NODES 3
        label x y
        a 1.0 2.0
        b 1.0 2.0
        c 3.5 -4.0

        EDGES 6
        label src dest weight bw delay
        e0 0 1 1 100000 5
        e1 1 2 2 40000 5
        e2 0 2 3 10000 5
        e3 1 0 1 100000 5
        e4 2 1 2 40000 5
        e5 2 0 3 10000 5
        """;

    public const string RepetitaDemands = "DEMANDS 2\nlabel src dest bw\nd0 0 2 3000\nd1 1 0 1500\n";

    public const string Csv = "from,to,capacity,weight\na,b,100M,1\n\"b\",c,40000000,2\na,c,0.01G,3\n";

    public const string CsvDemands = "# made for tests\nfrom;to;rate\na;c;3M\nb;a;1500000\n";

    public const string NodeLink = """
        {"directed": false, "multigraph": false, "graph": {}, "nodes": [{"id": "a"}, {"id": "b"}, {"id": "c"}],
         "links": [{"source": "a", "target": "b", "capacity": 100e6, "weight": 1},
                   {"source": "b", "target": "c", "capacity": 40e6, "weight": 2},
                   {"source": "a", "target": "c", "bandwidth": 10e6, "weight": 3}]}
        """;

    public const string GraphMl = """
        <graphml><key id="d0" for="edge" attr.name="bandwidth"/><key id="d1" for="edge" attr.name="weight"/>
        <graph edgedefault="undirected"><node id="a"/><node id="b"/><node id="c"/>
        <edge source="a" target="b"><data key="d0">100000000</data><data key="d1">1</data></edge>
        <edge source="b" target="c"><data key="d0">40000000</data><data key="d1">2</data></edge>
        <edge source="a" target="c"><data key="d0">10000000</data><data key="d1">3</data></edge></graph></graphml>
        """;

    public const string Gml = """
        graph [
          node [ id 0 label "a" ] node [ id 1 label "b" ] node [ id 2 label "c" ]
          edge [ source 0 target 1 bandwidth 100000000 weight 1 ]
          edge [ source 1 target 2 bandwidth 40000000 weight 2 ]
          edge [ source 0 target 2 bandwidth 10000000 weight 3 ]
        ]
        """;

    /// <summary>A NumPy file of version 1.0.</summary>
    public static byte[] NumPy(double[,] values, bool byColumns = false)
    {
        (int rows, int columns) = (values.GetLength(0), values.GetLength(1));
        string header = string.Create(
            CultureInfo.InvariantCulture,
            $"{{'descr': '<f8', 'fortran_order': {(byColumns ? "True" : "False")}, 'shape': ({rows}, {columns}), }}").PadRight(117) + "\n";
        var bytes = new List<byte> { 0x93 };
        bytes.AddRange([.. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header)]);
        for (int i = 0; i < rows * columns; i++)
        {
            bytes.AddRange(BitConverter.GetBytes(byColumns ? values[i % rows, i / rows] : values[i / columns, i % columns]));
        }

        return [.. bytes];
    }
}
