using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.Network;

/// <summary>A drawn topology as large as the largest published one, Uninett 2011: 57 nodes, about 168 links.</summary>
public sealed class LargeTopologyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("samaroh-cf")]
    [InlineData("samaroh-2l")]
    public async Task Run_HundredAndSixtyAgents_IsTheSameOnActorsAndInBatches(string method)
    {
        Topology topology = new WaxmanTopology(57, 57).Draw(new RandomStream(3, "uninett"), "drawn");
        topology.LinkCount.ShouldBeInRange(150, 190);
        _folder.Write("topology.gml", GmlTopology.Write(topology));
        string file = _folder.Write("large.conf", $$"""
            akkalb {
              method = {{method}}
              network {
                topology = topology.gml
                routing.paths = shortest
                flows.generate { mean-load = 0.4, flows-per-pair = 1 }
                agents { message-iterations = 9, actions.divide = 1.25 }
                memory { size = 256, delta = 0.04 }
                training { episodes = 1, horizons = 2, update-every = 1 }
              }
              baselines.genetic.enabled = off
            }
            """);
        List<NetworkSummary> summaries = [];
        foreach (RunPath path in new[] { RunPath.Actors, RunPath.Batched })
        {
            // Traffic is generated once.
            string flows = Path.Combine(_folder[$"{RunPath.Actors}"], "flows.json");
            ExperimentRequest request = new(file)
            {
                OutputFolder = _folder[$"{path}"], Path = path, Overrides = File.Exists(flows) ? [$"network.flows.file={flows}"] : [],
            };
            RunResult result = await ExperimentRunner.RunAsync(request, new QuietObserver(), default);
            summaries.Add(result.Summary.ShouldBeOfType<NetworkSummary>());
        }
        string[] episodes = [.. new[] { RunPath.Actors, RunPath.Batched }.Select(
            path => File.ReadAllText(Path.Combine(_folder[$"{path}"], "episodes.csv")))];
        episodes[1].ShouldBe(episodes[0]);
        summaries[0].Metrics.Phi!.Value.ShouldBeInRange(1e-4, 10);
        summaries[1].Exchanges.Sent.ShouldBe(summaries[0].Exchanges.Sent);
    }
}
