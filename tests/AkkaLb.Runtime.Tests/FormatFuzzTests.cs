using System.Text;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Hocon;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Runtime.AccessLogs;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Tests.Shared;

namespace AkkaLb.Runtime.Tests;

/// <summary>Every other file that users bring, with a few bytes changed: read, or refused in one line, soon and in little memory.</summary>
public sealed class FormatFuzzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Hocon_MutatedFiles_AreReadOrRefused() => FileFuzzer.Fuzz(
        "hocon", Encoding.UTF8.GetBytes("""
            # comment
            akkalb { seed = 5, name = ${base.name} "x", network { topology = 4-node, training { episodes = 24 } } }
            base { name = "a", list = [1, "b", 2.5, [true, null]], size += 3, triple = \"\"\"line
            two\"\"\" }
            akkalb.network.training { episodes = ${?none}, horizons = 10s } // end
            """.Replace("\\\"", "\"", StringComparison.Ordinal)),
        bytes =>
        {
            try
            {
                ConfigurationLoader.Parse(TextInput.Decode(bytes, "e.conf"), "e.conf").ToString();
            }
            // Substitutions are resolved later; whoever resolves them names the file.
            catch (HoconException e)
            {
                throw new InvalidInputException(e.Message, e);
            }
        },
        tries: 3000);

    [Theory]
    [InlineData("game", "family = game, method = static, game { generate { players = 4, servers = 3 }, static { schedule = ring, share = "
        + "0.5 } }")]
    [InlineData("datacenter", "family = datacenter, method = compare, datacenter { servers { workers = [2, 4], capacity = 8 }, "
        + "traffic { duration = 2s, load = 0.5 }, changes = [\"1s 0 speed 0.5\"], policies = [sed, lsq], repetitions = 2 }")]
    [InlineData("network", "family = network, method = samaroh, seed = 3, network { topology = 4-node, training { episodes = 4, horizons = "
        + "3 }, "
        + "flows.generate { mean-load = 0.3, flows-per-pair = 2 } }")]
    public void Experiments_MutatedFiles_AreReadOrRefused(string family, string content) => FileFuzzer.Fuzz(
        "experiment." + family, Encoding.UTF8.GetBytes(
            $"# What is changed here alone changes nothing, so that some files are read.\nakkalb {{ {content} }}"),
        bytes =>
        {
            File.WriteAllBytes(_folder["e.conf"], bytes);
            ExperimentSource source = ExperimentSource.Load(new ExperimentRequest(_folder["e.conf"]));
            ExperimentRunner.Inputs(source.Resolved, "e.conf", source.BaseFolder, RunPath.Batched).ShouldNotBeEmpty();
        },
        tries: 200);

    [Fact]
    public void PublishedConfiguration_MutatedFiles_AreReadOrRefused()
    {
        _folder.Write("topology.gml", "");
        _folder.Write("flows.json", "[]");
        FileFuzzer.Fuzz(
            "config.yaml", Encoding.UTF8.GetBytes("""
                hash_function: dte_stand.hash_function.WeightedDxHashFunction
                path_calculator: dte_stand.paths.DAGCalculator
                iterations: 1
                mate:
                  actor_cfg: { use_gat: False, use_memory: True, memory_size: 512 }
                  horizons: 20
                  actions:
                    multiplication: { action: true, value: 1.25 }
                """),
            bytes =>
            {
                File.WriteAllBytes(_folder["config.yaml"], bytes);
                ConfigurationLoader.Resolve(
                    ConfigurationLoader.Parse(PublishedFolder.ToHocon(_folder.FullPath), "config.yaml"), "config.yaml", []);
            },
            tries: 1500);
    }

    [Fact]
    public void Weights_MutatedSafeTensors_AreReadOrRefused()
    {
        using MemoryStream file = new();
        SafeTensors.Write(
            file, [new NamedTensor("a.weight", [2, 3], [1, 2, 3, 4, 5, 6]), new NamedTensor("a.bias", [2], [7, 8])],
            new Dictionary<string, string> { ["episodes"] = "12" });
        FileFuzzer.Fuzz("safetensors", file.ToArray(), bytes => SafeTensors.Read(new MemoryStream(bytes), "w"), tries: 1500);
    }

    [Theory]
    [InlineData("nginx", "192.0.2.7 - - [10/Oct/2025:13:55:40 +0000] \"GET /a HTTP/1.1\" 200 2326 \"-\" \"curl\" 0.250 0.200\n")]
    [InlineData("haproxy", "Feb  6 12:14:14 h haproxy[1]: 10.0.1.2:33317 [06/Feb/2025:12:14:14.655] in app/srv1 10/0/30/69/109 200 2750 - "
        + "- "
        + "---- 1/1/1/1/0 0/0 \"GET /index.html HTTP/1.1\"\n")]
    [InlineData("envoy", "{\"start_time\":\"2025-04-15T20:17:00.310Z\",\"path\":\"/a\",\"upstream_service_time\":\"10\"}\n")]
    [InlineData("csv", "seconds,service,class\n0,1.5,\"a\"\n1.25,2,b\n3,0.5,a\n")]
    public void Logs_MutatedFiles_AreReadOrRefused(string name, string text) => FileFuzzer.Fuzz(
        "log." + name, Encoding.UTF8.GetBytes(name == "csv" ? text : text + text + text),
        bytes =>
        {
            ImportedTrace trace = LogImport.Read(TextInput.Decode(bytes, "l", allowLatin1: true), "l", new LogOptions());
            trace.Rows.ShouldAllBe(row => row.Time >= 0 && row.Work >= TraceRow.Drawn);
            trace.Rows.Select(row => row.Time).ShouldBeInOrder();
            LogImport.Read(trace.ToCsv(), "again", new LogOptions()).Rows.Count.ShouldBe(trace.Rows.Count);
        },
        tries: 400);

    [Fact]
    public void PublishedTraces_MutatedFiles_AreReadOrRefused() => FileFuzzer.Fuzz(
        "trace", "time\tquery\n0.5\t/dummy.php/?n=1000\n0.75\t/dummy.php/?n=20\n"u8.ToArray(),
        bytes => TraceFile.Parse(TextInput.Decode(bytes, "t"), "t", 5e-8).ShouldNotBeEmpty(), tries: 1500);
}
