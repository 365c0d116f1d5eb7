using System.Text;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.Network;

/// <summary>One triangle and its demands in every format that experiments read: all of them are the same experiment.</summary>
public sealed class OwnFilesTests : IDisposable
{
    private const string Experiment =
        "akkalb { method = samaroh, network { routing { paths = igp, hash = fluid }, "
        + "training { episodes = 4, update-every = 2, horizons = 3 } }, baselines.genetic.enabled = off, journal.enabled = off }";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Topologies => new()
    {
        {
            "t.gml", """
                graph [ node [ id 0 label "a" ] node [ id 1 label "b" ] node [ id 2 label "c" ]
                  edge [ source 0 target 1 LinkSpeedRaw 100000000 weight 1 ] edge [ source 1 target 2 LinkSpeedRaw 40000000 weight 2 ]
                  edge [ source 0 target 2 LinkSpeedRaw 10000000 weight 3 ] ]
                """
        },
        {
            "t.graphml", """
                <graphml><key id="d0" for="edge" attr.name="bandwidth"/><key id="d1" for="edge" attr.name="weight"/>
                <graph edgedefault="undirected"><node id="a"/><node id="b"/><node id="c"/>
                <edge source="a" target="b"><data key="d0">100000000</data><data key="d1">1</data></edge>
                <edge source="b" target="c"><data key="d0">40000000</data><data key="d1">2</data></edge>
                <edge source="a" target="c"><data key="d0">10000000</data><data key="d1">3</data></edge></graph></graphml>
                """
        },
        {
            "t.graph", "NODES 3\nlabel x y\na 1 2\nb 1 2\nc 1 2\n\nEDGES 6\nlabel src dest weight bw delay\ne0 0 1 1 100000 5\n"
                + "e1 1 2 2 40000 5\ne2 0 2 3 10000 5\ne3 1 0 1 100000 5\ne4 2 1 2 40000 5\ne5 2 0 3 10000 5\n"
        },
        { "t.txt", Sndlib },
        { "t.xml", SndlibXml },
        { "t.csv", "from,to,capacity,weight\na,b,100M,1\nb,c,40000000,2\na,c,0.01G,3\n" },
        {
            "t.json", """
                {"directed": false, "multigraph": false, "graph": {}, "nodes": [{"id": "a"}, {"id": "b"}, {"id": "c"}], "links": [
                  {"source": "a", "target": "b", "capacity": 100e6, "weight": 1},
                  {"source": "b", "target": "c", "capacity": 40e6, "weight": 2},
                  {"source": "a", "target": "c", "bandwidth": 10e6, "weight": 3}]}
                """
        },
    };

    public static TheoryData<string, string> Demands => new()
    {
        { "d.csv", "from;to;rate\na;c;3M\nb;a;1500000\n" },
        { "d.demands", "DEMANDS 2\nlabel src dest bw\nd0 0 2 3000\nd1 1 0 1500\n" },
        { "d.txt", Sndlib },
        { "d.xml", SndlibXml },
        { "d.npy", "" },
        {
            "d.json", """
                [{"start": "a", "end": "c", "all_bandwidth": {"0": 3000000},
                  "start_time": 0, "end_time": 60000, "bandwidth": null, "flow_id": "0"},
                 {"start": "b", "end": "a", "all_bandwidth": {"0": 1500000},
                  "start_time": 0, "end_time": 60000, "bandwidth": null, "flow_id": "1"}]
                """
        },
    };

    private const string Sndlib = """
        ?SNDlib native format; type: network; version: 1.0
        NODES ( a ( 1.0 2.0 )
         b ( 1.0 2.0 )
         c ( 1.0 2.0 )
        )
        LINKS (
          L1 ( a b ) 100.0 0.0 1.0 0.0 ( )
          L2 ( b c ) 40.0 0.0 2.0 0.0 ( )
          L3 ( a c ) 10.0 0.0 3.0 0.0 ( )
        )
        DEMANDS (
          D1 ( a c ) 1 3.0 UNLIMITED
          D2 ( b a ) 1 1.5 UNLIMITED
        )
        """;

    private const string SndlibXml = """
        <?xml version="1.0"?>
        <network xmlns="http://sndlib.zib.de/network" version="1.0"><networkStructure><nodes>
          <node id="a"/><node id="b"/><node id="c"/></nodes><links>
          <link id="L1"><source>a</source><target>b</target>
            <preInstalledModule><capacity>100.0</capacity><cost>0</cost></preInstalledModule><routingCost>1.0</routingCost></link>
          <link id="L2"><source>b</source><target>c</target>
            <preInstalledModule><capacity>40.0</capacity><cost>0</cost></preInstalledModule><routingCost>2.0</routingCost></link>
          <link id="L3"><source>a</source><target>c</target>
            <preInstalledModule><capacity>10.0</capacity><cost>0</cost></preInstalledModule><routingCost>3.0</routingCost></link>
        </links></networkStructure><demands>
          <demand id="D1"><source>a</source><target>c</target><demandValue>3.0</demandValue></demand>
          <demand id="D2"><source>b</source><target>a</target><demandValue>1.5</demandValue></demand>
        </demands></network>
        """;

    [Theory]
    [MemberData(nameof(Topologies))]
    public async Task Topology_InEveryFormat_GivesTheSameRun(string name, string text)
    {
        _folder.Write(name, text);
        _folder.Write("d.csv", "from;to;rate\na;c;3M\nb;a;1500000\n");
        QuietObserver observer = new();
        NetworkSummary summary = await RunAsync(name, "d.csv", observer);

        ShouldBeTheTriangles(summary);
        observer.Notices.ShouldContain(note => note.StartsWith("topology read as ", StringComparison.Ordinal)
            && note.EndsWith("3 nodes, 6 links"));
        File.ReadAllText(Path.Combine(_folder["run"], RunFolder.TopologyFile)).ShouldContain("bandwidth");
    }

    [Theory]
    [MemberData(nameof(Demands))]
    public async Task Demands_InEveryFormat_GiveTheSameRun(string name, string text)
    {
        _folder.Write("t.csv", "from,to,capacity,weight\na,b,100M,1\nb,c,40000000,2\na,c,0.01G,3\n");
        File.WriteAllBytes(_folder[name], name == "d.npy" ? NumPy() : Encoding.UTF8.GetBytes(text));

        ShouldBeTheTriangles(await RunAsync("t.csv", name, new QuietObserver()));
    }

    [Fact]
    public async Task Topology_WithoutCapacities_GetsTheDefaultAndSaysSo()
    {
        _folder.Write("t.gml", "graph [ node [ id 0 label \"a\" ] node [ id 1 label \"b\" ] edge [ source 0 target 1 ] ]");
        _folder.Write("d.csv", "from;to;rate\na;b;3M\n");
        QuietObserver observer = new();
        NetworkSummary summary = await RunAsync("t.gml", "d.csv", observer, "network.topology-import.default-capacity=30M");

        observer.Notices.ShouldContain("1 edge tells no capacity: 30Mbit/s");
        summary.Traffic.MaxUtilisation.ShouldBe(0.1, 1e-9);
    }

    [Fact]
    public async Task Demands_InAUnit_AreReadInItAndSaidToBe()
    {
        _folder.Write("t.csv", "from,to,capacity,weight\na,b,100M,1\nb,c,40000000,2\na,c,0.01G,3\n");
        _folder.Write("d.csv", "from;to;rate;note\na;c;3;x\nb;a;1.5;y\n");
        QuietObserver observer = new();
        ShouldBeTheTriangles(await RunAsync("t.csv", "d.csv", observer, "network.flows.unit=M"));
        observer.Notices.ShouldContain("d.csv: columns that are not read: note");
        observer.Notices.ShouldContain("d.csv: demands are taken to be in Mbit/s (CSV)");
        (await ExperimentRunner.ResumeAsync(_folder["run"], observer, default)).Summary.Status.ShouldBe(RunSummary.Finished);
    }

    [Fact]
    public async Task FlowRecords_HaveTheirTimes()
    {
        _folder.Write("t.csv", "from,to,capacity,weight\na,b,100M,1\nb,c,40000000,2\na,c,0.01G,3\n");
        _folder.Write("r.csv", "from,to,start,end,rate\na,c,0,10000,3\na,a,0,9,1\nb,a,5000,20000,1.5\n");
        QuietObserver observer = new();
        (await RunAsync("t.csv", "r.csv", observer, "network.flows.unit=M")).Traffic.Flows.ShouldBe(1);
        observer.Notices.ShouldContain("r.csv: rates are taken to be in Mbit/s (flow records)");
        observer.Notices.ShouldContain("r.csv: 1 records from a node to itself, or of nodes that are left out, are left out");
    }

    /// <summary>The run folder has its topology in bit/s, and goes on with it.</summary>
    [Fact]
    public async Task Topology_GmlInAUnit_IsReadInItOnce()
    {
        _folder.Write("t.gml", "graph [ node [ id 0 label \"a\" ] node [ id 1 label \"b\" ] edge [ source 0 target 1 bandwidth 30 ] ]");
        _folder.Write("d.csv", "from;to;rate\na;b;3M\n");
        NetworkSummary summary = await RunAsync("t.gml", "d.csv", new QuietObserver(), "network.topology-import.capacity-unit=M");
        summary.Traffic.MaxUtilisation.ShouldBe(0.1, 1e-9);
        EvaluationRequest again = new(_folder["run"]);
        ((NetworkSummary)(await PolicyEvaluation.RunAsync(again, new QuietObserver(), default)).Summary)
            .Traffic.MaxUtilisation.ShouldBe(0.1, 1e-9);
    }

    [Theory]
    [InlineData("network.topology=abilene", "network.topology-import.capacity-unit=M",
        "'akkalb.network.topology-import.capacity-unit' is 'M', expected nothing, as 'akkalb.network.topology' is built in")]
    [InlineData("network.topology=t.csv", "network.flows.unit=M",
        "'akkalb.network.flows.unit' is 'M', expected nothing, unless 'akkalb.network.flows.file' has demands or flow records")]
    public async Task Unit_WithoutAFileToReadInIt_IsRefused(string topology, string unit, string message)
    {
        _folder.Write("t.csv", "from,to\na,b\n");
        (await Should.ThrowAsync<InvalidInputException>(() => RunAsync("t.csv", "", new QuietObserver(), topology, unit)))
            .Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("network.topology-import.default-capacity=fast", "'akkalb.network.topology-import.default-capacity' is 'fast'")]
    [InlineData("network.topology-import.capacity-unit=furlong", "'akkalb.network.topology-import.capacity-unit' is 'furlong'")]
    public async Task Topology_BadImportKey_IsNamed(string set, string message)
    {
        _folder.Write("t.csv", "from,to\na,b\n");
        (await Should.ThrowAsync<InvalidInputException>(() => RunAsync("t.csv", "", new QuietObserver(), set)))
            .Message.ShouldContain(message);
    }

    // The direct link a-c and the way over b cost 3 each: half of 3 Mbit/s takes either.
    private static void ShouldBeTheTriangles(NetworkSummary summary)
    {
        double[] utilisation = [1.5 / 100, 1.5 / 100, 1.5 / 40, 0, 1.5 / 10, 0];
        summary.Traffic.Flows.ShouldBe(2);
        summary.Traffic.MeanUtilisation.ShouldBe(utilisation.Average(), 1e-9);
        summary.Traffic.MaxUtilisation.ShouldBe(0.15, 1e-9);
    }

    private async Task<NetworkSummary> RunAsync(string topology, string flows, QuietObserver observer, params string[] more)
    {
        string[] overrides = [$"network.topology={topology}", $"network.flows.file=\"{flows}\"", .. more];
        RunResult result = await ExperimentRunner.RunAsync(
            new ExperimentRequest(_folder.Write("e.conf", Experiment))
            {
                OutputFolder = _folder["run"], Path = RunPath.Batched, Overrides = overrides,
            },
            observer, default);
        return result.Summary.ShouldBeOfType<NetworkSummary>();
    }

    private static byte[] NumPy()
    {
        double[] values = [0, 0, 3e6, 1.5e6, 0, 0, 0, 0, 0];
        string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3), }".PadRight(117) + "\n";
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header)];
        return [.. start, .. values.SelectMany(BitConverter.GetBytes)];
    }
}
