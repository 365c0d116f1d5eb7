using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments;

/// <summary>Values at or beyond the limits of what can be played: refused before anything is written, or kept from doing harm.</summary>
public sealed class RunLimitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ExperimentRequest Request(string content, RunPath path = RunPath.Actors, params string[] overrides) =>
        new(_folder.Write("limits.conf", content)) { OutputFolder = _folder["run"], Path = path, Overrides = overrides };

    private string Text(string file) => File.ReadAllText(Path.Combine(_folder["run"], file));

    /// <summary>Agents that subtract cannot take their links, and the flows with them, out of the network.</summary>
    [Theory]
    [InlineData("network.agents.actions.subtract=1")]
    [InlineData("network.agents.actions.multiply=1e20")]
    [InlineData("network.agents.actions.divide=1e-300")]
    [InlineData("network.agents.actions.add=1e308")]
    public async Task Run_StepsThatLeadNowhere_KeepWeightsThatRoute(string action)
    {
        RunResult result = await ExperimentRunner.RunAsync(
            Request(SmallExperiment.Text, RunPath.Batched, action, "network.training.horizons=30", "network.training.episodes=8"),
            new QuietObserver(), default);
        double[] weights =
        [
            .. JsonDocument.Parse(Text(RunFolder.WeightsFile)).RootElement.EnumerateArray()
                .Select(link => link.GetProperty("weight").GetDouble()),
        ];
        weights.ShouldAllBe(weight => weight >= ChannelWeights.Least && weight <= ChannelWeights.Largest);
        result.Summary.ShouldBeOfType<NetworkSummary>().Metrics.PhiBest!.Value.ShouldBeGreaterThan(0.01);
    }

    /// <summary>The last checkpoint of finite numbers stays, and the run says what happened.</summary>
    [Theory]
    [InlineData(RunPath.Actors)]
    [InlineData(RunPath.Batched)]
    public async Task Run_TrainingDiverges_IsALineAndKeepsNoSuchPolicy(RunPath path)
    {
        RunFailedException thrown = await Should.ThrowAsync<RunFailedException>(() => ExperimentRunner.RunAsync(
            Request(SmallExperiment.Text, path, "network.training.critic-coefficient=1e308"), new QuietObserver(), default));
        thrown.Message.ShouldBe(
            $"{_folder["run"]}: training has diverged: no finite parameters after 8 episodes; smaller steps, such as a lower "
            + "'network.training.learning-rate' or 'reward-scale', may help");
        Directory.Exists(Path.Combine(_folder["run"], RunFolder.CheckpointFolder)).ShouldBeFalse();
    }

    /// <summary>As an environment variable would, or a grid's list of values.</summary>
    [Fact]
    public async Task Run_ListAsTextWithCommas_IsTheList()
    {
        await ExperimentRunner.RunAsync(Request("""
            akkalb { family = datacenter, method = compare
              datacenter { policies = "sed, lsq", traffic.duration = 1s, repetitions = 2 } }
            """), new QuietObserver(), default);
        Text(RunFolder.ConfigurationFile).ShouldContain("policies = [sed, lsq]");
    }

    [Theory]
    [InlineData("akkalb.tensorboard = maybe", "'akkalb.tensorboard' is 'maybe', expected on or off")]
    [InlineData("akkalb { tensorboard = maybe, family = datacenter, method = compare }", "'akkalb.tensorboard' is 'maybe'")]
    [InlineData("akkalb { family = game, method = static, game.generate { players = 20000, servers = 501 } }",
        "'akkalb.game.generate.players' is '20000', expected at most 19960 players for 501 servers")]
    [InlineData("akkalb { family = game, method = static, game.generate.loads.max = 1e308 }",
        "'akkalb.game.generate.loads.max' is '1e308', expected a number from 0 to 1E+60")]
    [InlineData("akkalb.network.training.learning-rate.critic = 1e12", "expected a number above 0 to 1")]
    public async Task Run_ValueThatWouldFailLater_IsRefused(string content, string problem)
    {
        (await Should.ThrowAsync<InvalidInputException>(() => ExperimentRunner.RunAsync(Request(content), new QuietObserver(), default)))
            .Message.ShouldContain(problem);
        Directory.Exists(_folder["run"]).ShouldBeFalse("nothing may be written for bad input");
    }
}
