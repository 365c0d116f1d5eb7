using System.Text;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.Network;

/// <summary>Valid files with a few bytes changed: a reader reads them or says in one line why not, soon and in little memory.</summary>
public class ReaderFuzzTests
{
    private const int Tries = 1500;

    /// <summary>For one file of a kilobyte; what a length in it that was believed would ask for is far above.</summary>
    private const long MostBytes = 64L << 20;

    private static readonly ImportedTopology Network = TopologyImport.Read(NetworkTexts.Csv, "t", new ImportOptions());

    private static readonly byte[] Numbers = NetworkTexts.NumPy(new double[,] { { 0, 0, 3e6 }, { 1.5e6, 0, 0 }, { 0, 0, 0 } });

    private const string Flows = """
        [{"start": "a", "end": "b", "all_bandwidth": {"0": 5}, "start_time": 0, "end_time": 10, "bandwidth": null, "flow_id": "x"}]
        """;

    private const string Changes = """{"5": {"missing_nodes": ["a"], "missing_links": [["a", "b", 0]]}}""";

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

    private static void Fuzz(string name, byte[] valid, Action<byte[]> read)
    {
        read(valid);
        var stream = new RandomStream(99, "fuzz/" + name);
        int refused = 0;
        for (int i = 0; i < Tries; i++)
        {
            byte[] bytes = Mutate(valid, stream);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bytes);
            }
            catch (InvalidInputException e)
            {
                e.Message.ShouldNotContain('\n', Shown(name, bytes));
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(Shown(name, bytes), e);
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostBytes, Shown(name, bytes));
        }

        refused.ShouldBeInRange(1, Tries - 1);
    }

    /// <summary>One to four changes: a bit, a byte, a piece taken out, doubled or moved, a number made extreme, an end cut off.</summary>
    private static byte[] Mutate(byte[] valid, RandomStream stream)
    {
        List<byte> bytes = [.. valid];
        for (int change = 1 + stream.NextInt32(4); change > 0 && bytes.Count > 0; change--)
        {
            int at = stream.NextInt32(bytes.Count), length = Math.Min(1 + stream.NextInt32(12), bytes.Count - at);
            switch (stream.NextInt32(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << stream.NextInt32(8));
                    break;
                case 1:
                    bytes[at] = (byte)stream.NextInt32(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.InsertRange(stream.NextInt32(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 5:
                    string[] numbers = ["-1", "0", "1e999", "NaN", "2147483648", "99999999999999999999", "\u2028", "\"", "<", "("];
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(numbers[stream.NextInt32(numbers.Length)]));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static string Shown(string name, byte[] bytes) => $"{name}: {Convert.ToBase64String(bytes)}";
}
