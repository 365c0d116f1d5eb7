using System.Text;
using AkkaLb.Domain.Game;
using AkkaLb.Domain.Network;
using AkkaLb.Tests.Shared;

namespace AkkaLb.Domain.Tests.Network;

/// <summary>Valid files with a few bytes changed: a reader reads them or says in one line why not, soon and in little memory.</summary>
public class ReaderFuzzTests
{
    private const int Tries = 1500;

    private static readonly ImportedTopology Network = TopologyImport.Read(NetworkTexts.Csv, "t", new ImportOptions());

    private static readonly byte[] Numbers = NetworkTexts.NumPy(new double[,] { { 0, 0, 3e6 }, { 1.5e6, 0, 0 }, { 0, 0, 0 } });

    private const string Flows = """
        [{"start": "a", "end": "b", "all_bandwidth": {"0": 5}, "start_time": 0, "end_time": 10, "bandwidth": null, "flow_id": "x"}]
        """;

    // Long times: what is mutated in them is another time.
    private const string Changes =
        """{"5": {"missing_nodes": ["a"], "missing_links": [["a", "b", 0]]}, "1234567890123": {}, "3210987654321": {}}""";

    public static TheoryData<string> Names => ["sndlib.xml", "sndlib.txt", "graph", "csv", "json", "graphml", "gml"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Topology_MutatedFiles_AreReadOrRefused(string name)
    {
        string text = name switch
        {
            "sndlib.xml" => NetworkTexts.SndlibXml,
            "sndlib.txt" => NetworkTexts.SndlibNative,
            "graph" => NetworkTexts.RepetitaGraph,
            "csv" => NetworkTexts.Csv,
            "json" => NetworkTexts.NodeLink,
            "graphml" => NetworkTexts.GraphMl,
            _ => NetworkTexts.Gml,
        };
        Fuzz(name, Encoding.UTF8.GetBytes(text), bytes =>
        {
            Topology topology = TopologyImport.ReadAny(TextInput.Decode(bytes, "t", allowLatin1: true), "t", new ImportOptions()).Topology;
            topology.Capacities.ToArray().ShouldAllBe(capacity => capacity > 0 && double.IsFinite(capacity));
        });
    }

    [Theory]
    [InlineData("sndlib.xml")]
    [InlineData("sndlib.txt")]
    [InlineData("demands")]
    [InlineData("csv")]
    [InlineData("npy")]
    public void Demands_MutatedFiles_AreReadOrRefused(string name) => Fuzz(
        "demands." + name,
        name switch
        {
            "sndlib.xml" => Encoding.UTF8.GetBytes(NetworkTexts.SndlibXml),
            "sndlib.txt" => Encoding.UTF8.GetBytes(NetworkTexts.SndlibNative),
            "demands" => Encoding.UTF8.GetBytes(NetworkTexts.RepetitaDemands),
            "csv" => Encoding.UTF8.GetBytes(NetworkTexts.CsvDemands),
            _ => Numbers,
        },
        bytes => DemandReader.Read(bytes, "d", Network).Demands.ShouldAllBe(demand => demand.Rate > 0 && double.IsFinite(demand.Rate)));

    [Fact]
    public void Flows_MutatedFiles_AreReadOrRefused() => Fuzz(
        "flows", Encoding.UTF8.GetBytes(Flows),
        bytes => FlowJson.Read(TextInput.Decode(bytes, "f"), "f", Network.Topology).ActiveAt(0).ShouldAllBe(flow => flow.Rate >= 0));

    [Fact]
    public void Changes_MutatedFiles_AreReadOrRefused() => Fuzz(
        "changes", Encoding.UTF8.GetBytes(Changes),
        bytes => TopologyChanges.Read(TextInput.Decode(bytes, "c"), "c", Network.Topology).MissingAt(5).Count.ShouldBeLessThanOrEqualTo(6));

    [Theory]
    [InlineData("static")]
    [InlineData("dynamic")]
    public void GameInstances_MutatedFiles_AreReadOrRefused(string kind) => Fuzz(
        "game." + kind,
        Encoding.UTF8.GetBytes(kind == "static"
            ? """{"rates":[2,1,2], "loads":[1,2,1], "lengths":[3,2], "start":[[2,0.5,0.5],[1,0,1]], "order":[0,1]}"""
            : """{"rates":[2,1,2], "loads":[1,2,1], "lengths":[3,2], "picks":[0,1,1], "seed":7, "update":"sequential", "maxSteps":50}"""),
        bytes =>
        {
            string text = TextInput.Decode(bytes, "g");
            if (kind == "static")
            {
                StaticGameResult result = StaticGameResult.Of(StaticGameRequest.Parse(text, "g"));
                result.ToJson().ShouldNotContain("NaN");
            }
            else
            {
                DynamicGameResult.Of(DynamicGameRequest.Parse(text, "g")).ToJson().ShouldNotContain("NaN");
            }
        });

    private static void Fuzz(string name, byte[] valid, Action<byte[]> read) => FileFuzzer.Fuzz(name, valid, read, Tries);
}
