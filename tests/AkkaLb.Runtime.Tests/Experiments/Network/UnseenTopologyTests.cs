using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
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
        string nine = File.ReadAllText(configuration);
        File.WriteAllText(configuration, nine.Replace("episodes = 9", "episodes = 18", StringComparison.Ordinal));
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
    [InlineData(4, "4 episodes are 2 updates, each on one of 3 topologies in turns, which leaves out 1")]
    [InlineData(7, null)]
    public async Task Train_TooShortForItsTopologies_SaysSo(int episodes, string? notice)
    {
        QuietObserver observer = new();
        ExperimentRequest request = new(_folder.Write("a.conf", Training))
        {
            Path = RunPath.Batched, OutputFolder = _folder["a"], Overrides = [$"network.training.episodes={episodes}"],
        };
        await ExperimentRunner.RunAsync(request, observer, default);
        observer.Notices.Where(line => line.Contains("in turns", StringComparison.Ordinal)).ShouldBe(notice is null ? [] : [notice]);
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

    /// <summary>A cell of a grid, begun or not, is gone on with and replayed as the grid plays it.</summary>
    [Fact]
    public async Task Grid_Cells_AreResumedAndReplayedByWhoPlaysTheGrid()
    {
        string grid = _folder.Write("grid.conf", Training + "\nakkalb { journal.enabled = on, grid.seeds = [1, 2] }");
        ExperimentRequest request = new(grid) { Path = RunPath.Batched, OutputFolder = _folder["grid"] };
        using CancellationTokenSource stop = new();
        await ExperimentRunner.RunAsync(request, new QuietObserver { OnEpisode = _ => stop.Cancel() }, stop.Token);
        RunFolder second = RunFolder.Open(new GridFolder(_folder["grid"])[new GridFolder(_folder["grid"]).ReadPlan().Runs[1]].FullPath);
        File.Exists(second[RunFolder.EpisodesFile]).ShouldBeFalse("the grid was stopped in its first run");
        RunResult resumed = await ExperimentRunner.ResumeAsync(second.FullPath, new QuietObserver(), default);
        resumed.Summary.ShouldBeOfType<NetworkSummary>().Path.ShouldBe("batched");
        (_, _, long beyond) = await RunReplay.ReplayAsync(second.FullPath, new QuietObserver(), default);
        beyond.ShouldBe(0);
        request = request with { Path = RunPath.Actors, OutputFolder = _folder["refused"] };
        (await Should.ThrowAsync<InvalidInputException>(() => ExperimentRunner.RunAsync(request, new QuietObserver(), default)))
            .Message.ShouldContain("expected 'akkalb train'");
        Directory.Exists(_folder["refused"]).ShouldBeFalse();
    }

    /// <summary>What varied in training is nothing to those who only play: here a failed link.</summary>
    [Fact]
    public async Task Evaluate_OfAVariedRun_PlaysWhatIsAskedFor()
    {
        await TrainAsync("a");
        string changes = _folder.Write("changes.json", """{"0": {"missing_links": [["1", "2", 0]]}}""");
        EvaluationRequest request = new(_folder["a"]) { Overrides = [$"network.topology-changes={changes}"] };
        NetworkSummary summary = (NetworkSummary)(await PolicyEvaluation.RunAsync(request, new QuietObserver(), default)).Summary;
        summary.Metrics.Phi!.Value.ShouldBeGreaterThan(0);
    }

    /// <summary>Without a number of exchanges they are the diameter of what a policy learnt on, wherever it is followed.</summary>
    [Fact]
    public async Task Follow_WithAnotherNumberOfExchanges_IsRefused()
    {
        await TrainAsync("a", "network.agents.message-iterations=0");
        string[] follow =
        [
            "network.training.variation={sets=1, graphs.count=0}", "network.mode=asynchronous", $"network.policy={_folder["a"]}",
            "network.topology=abilene", "network.asynchronous.until=20ms",
        ];
        (await Should.ThrowAsync<InvalidInputException>(() => TrainAsync("b", [.. follow, "network.agents.message-iterations=0"])))
            .Message.ShouldContain("'akkalb.network.agents.message-iterations' is '0', 3 on this topology, expected 2 as in");
        (await TrainAsync("c", [.. follow, "network.agents.message-iterations=2"])).Asynchronous!.Finished.ShouldBeTrue();
    }

    [Fact]
    public async Task Follow_WeightsThatAreNoNumbers_AreRefused()
    {
        await TrainAsync("a");
        string file = Path.Combine(_folder["a"], "checkpoint", "weights.safetensors"), copy = _folder["copy.safetensors"];
        byte[] bytes = File.ReadAllBytes(file);
        BitConverter.GetBytes(float.NaN).CopyTo(bytes, bytes.Length - 4);
        int header = (int)BitConverter.ToInt64(bytes);
        BitConverter.GetBytes(float.NaN).CopyTo(bytes, 8 + header);
        File.WriteAllBytes(copy, bytes);
        (await Should.ThrowAsync<InvalidInputException>(() => TrainAsync(
            "b", "network.training.variation={sets=1, graphs.count=0}", "network.mode=asynchronous", $"network.policy={copy}")))
            .Message.ShouldContain($"{copy}: tensor 'actor.");
    }

    private Task<NetworkSummary> TrainAsync(string name, params string[] overrides) => RunAsync(name, RunPath.Batched, overrides);

    private async Task<NetworkSummary> RunAsync(string name, RunPath path, params string[] overrides)
    {
        string file = _folder.Write("training.conf", Training);
        ExperimentRequest request = new(file) { Path = path, OutputFolder = _folder[name], Overrides = overrides };
        return (NetworkSummary)(await ExperimentRunner.RunAsync(request, new QuietObserver(), default)).Summary;
    }
}
