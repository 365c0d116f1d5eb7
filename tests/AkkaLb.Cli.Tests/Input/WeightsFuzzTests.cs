using System.Text;
using AkkaLb.Cli.Input;
using AkkaLb.Domain.Network;
using AkkaLb.Tests.Shared;

namespace AkkaLb.Cli.Tests.Input;

public sealed class WeightsFuzzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("numbers", "[1, 2.5, 3, 4, 0.5, 6, 7e1, 8]")]
    [InlineData("objects", """
        [{"from": "1", "to": "2", "weight": 1}, {"from": "1", "to": "3", "weight": 1}, {"from": "2", "to": "1", "weight": 1},
         {"from": "2", "to": "4", "weight": 2}, {"from": "3", "to": "1", "weight": 1}, {"from": "3", "to": "4", "weight": 1},
         {"from": "4", "to": "2", "weight": 1}, {"from": "4", "to": "3", "weight": 1}]
        """)]
    public void Weights_MutatedFiles_AreReadOrRefused(string name, string text)
    {
        Topology topology = TopologyLibrary.Get("4-node");
        FileFuzzer.Fuzz(
            "weights." + name, Encoding.UTF8.GetBytes(text),
            bytes =>
            {
                File.WriteAllBytes(_folder["w.json"], bytes);
                double[] weights = WeightsFile.Read(_folder["w.json"], "--weights", topology);
                weights.Length.ShouldBe(topology.LinkCount);
                weights.ShouldAllBe(weight => weight > 0 && double.IsFinite(weight));
            },
            tries: 1500);
    }
}
