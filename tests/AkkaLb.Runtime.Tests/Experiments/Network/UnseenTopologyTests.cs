using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.Network;

public sealed class UnseenTopologyTests : IDisposable
{
    private const string Training = """
        akkalb {
          method = samaroh-cf, journal.enabled = off, seed = 3, baselines.genetic.enabled = off
          network {
            topology = 4-node, flows.generate.flows-per-pair = 2
            agents { readout = shared, message-iterations = 2 }
            training {
              episodes = 18, horizons = 5, update-every = 3
              variation { sets = 4, failures = 0.3, graphs { count = 2, min-nodes = 4, max-nodes = 7 } }
            }
          }
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task StoppedAndResumed_EndsWithTheSameBits()
    {
        NetworkSummary summary = await TrainAsync("straight");
        (summary.Status, summary.Metrics.Episodes).ShouldBe((RunSummary.Finished, 18));
        await TrainAsync("half", "network.training.episodes=9");
        // As a run of eighteen episodes that was killed after the ninth.
        string configuration = Path.Combine(_folder["half"], RunFolder.ConfigurationFile);
        File.WriteAllText(configuration, File.ReadAllText(configuration).Replace("episodes = 9", "episodes = 18", StringComparison.Ordinal));
        File.Delete(Path.Combine(_folder["half"], RunFolder.SummaryFile));
        await ExperimentRunner.ResumeAsync(_folder["half"], new QuietObserver(), default);
        foreach (string file in new[] { "episodes.csv", "weights.json", "checkpoint/weights.safetensors" })
        {
            File.ReadAllBytes(Path.Combine(_folder["half"], file)).ShouldBe(File.ReadAllBytes(Path.Combine(_folder["straight"], file)));
        }
    }

    /// <summary>What a run reports are figures of its own network, and what its agents sent on each.</summary>
    [Fact]
    public async Task Train_OnDrawnTopologies_CountsEachOnesMessages()
    {
        await TrainAsync("a");
        IReadOnlyList<EpisodeReport> episodes = EpisodeLog.Read(Path.Combine(_folder["a"], RunFolder.EpisodesFile), 18);
        episodes.ShouldAllBe(episode => episode.ExchangesSent == episode.ExchangesPossible);
        long[] blocks = [.. episodes.Chunk(3).Select(block => block.Select(episode => episode.ExchangesSent).Distinct().Single())];
        blocks[0].ShouldBe(5 * 2 * 16);
        blocks[3..].ShouldBe(blocks[..3]);
        blocks.Distinct().Count().ShouldBe(3);
        string weights = File.ReadAllText(Path.Combine(_folder["a"], RunFolder.WeightsFile));
        weights.Split("\"from\"").Length.ShouldBe(9, "the weights are those of the eight links of 4-node");
    }

    [Theory]
    [InlineData("network.agents.readout=per-agent", "'akkalb.network.agents.readout' is 'per-agent', expected shared where")]
    [InlineData("method=samaroh-2l", "graphs.count' is '2', expected 0, or a method without memory")]
    [InlineData("learning.backend=torch", "graphs.count' is '2', expected 0, or a method without memory")]
    [InlineData("network.periods.count=2", "graphs.count' is '2', expected 0 where")]
    [InlineData("network.mode=asynchronous", "graphs.count' is '2', expected 0 where")]
    [InlineData("network.training.variation.graphs.min-nodes=2", "'akkalb.network.training.variation.graphs.min-nodes' is '2'")]
    [InlineData("network.training.variation.graphs.max-nodes=3", "'akkalb.network.training.variation.graphs.max-nodes' is '3'")]
    public async Task Read_BadValue_IsNamed(string set, string message)
    {
        string found = (await Should.ThrowAsync<InvalidInputException>(() => TrainAsync("x", set))).Message;
        found.ShouldContain(message);
        found.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Run_ByActors_IsRefused()
    {
        InvalidInputException refused = await Should.ThrowAsync<InvalidInputException>(() => RunAsync("x", RunPath.Actors));
        refused.Message.ShouldContain("expected 'akkalb train'");
        Directory.Exists(_folder["x"]).ShouldBeFalse();
    }

    private Task<NetworkSummary> TrainAsync(string name, params string[] overrides) => RunAsync(name, RunPath.Batched, overrides);

    private async Task<NetworkSummary> RunAsync(string name, RunPath path, params string[] overrides)
    {
        string file = _folder.Write("training.conf", Training);
        ExperimentRequest request = new(file) { Path = path, OutputFolder = _folder[name], Overrides = overrides };
        return (NetworkSummary)(await ExperimentRunner.RunAsync(request, new QuietObserver(), default)).Summary;
    }
}
