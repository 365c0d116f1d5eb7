using System.Text.Json;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.Network;

public sealed class AsynchronousRunTests : IDisposable
{
    private const string Small = """
        akkalb {
          seed = 5
          network {
            topology = 4-node
            topology-changes = failures.json
            agents.message-iterations = 2
            training { episodes = 16, horizons = 5, update-every = 8 }
            mode = asynchronous
            asynchronous { until = 2s, threshold = 0.005, sample-probability = 0.9 }
          }
          baselines.genetic.enabled = off
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<NetworkSummary> Run(string output, RunPath path, params string[] overrides)
    {
        _folder.Write("failures.json", """{"1000": {"missing_links": [["1", "2", 0], ["2", "1", 0]]}}""");
        ExperimentRequest request = new(_folder.Write("small.conf", Small))
        {
            OutputFolder = _folder[output], Path = path, Overrides = overrides,
        };
        return (await ExperimentRunner.RunAsync(request, new QuietObserver(), default)).Summary.ShouldBeOfType<NetworkSummary>();
    }

    private string Text(string run, string file) => File.ReadAllText(Path.Combine(_folder[run], file));

    /// <summary>A shared readout is followed on any topology, memories stay behind; readouts of agents are theirs.</summary>
    [Theory]
    [InlineData("samaroh")]
    [InlineData("samaroh-2l")]
    public async Task Run_SharedPolicyOnAnotherTopology_IsFollowed(string method)
    {
        string[] shared = ["network.agents.readout=shared", $"method={method}"];
        string[] abilene =
        [
            "network.topology=abilene", "network.topology-changes=\"\"", $"network.policy={_folder["trained"]}",
            "network.mode=asynchronous",
        ];
        await Run("trained", RunPath.Batched, [.. shared, "network.mode=episodes"]);
        NetworkSummary followed = await Run("followed", RunPath.Actors, [.. shared, .. abilene]);
        (followed.Status, followed.Asynchronous!.Horizons > 0).ShouldBe((RunSummary.Finished, true));
        await Run("perAgent", RunPath.Batched, "network.mode=episodes");
        abilene[2] = $"network.policy={_folder["perAgent"]}";
        (await Should.ThrowAsync<InvalidInputException>(() => Run("refused", RunPath.Actors, abilene)))
            .Message.ShouldContain("'akkalb.network.topology' is 'abilene', expected the topology of");
    }

    [Fact]
    public async Task Run_TrainedFirst_ThenByItsPolicyAlone_AreTheSameBytes()
    {
        NetworkSummary trained = await Run("trained", RunPath.Batched), actors = await Run("actors", RunPath.Actors);
        NetworkSummary given = await Run("given", RunPath.Actors, $"network.policy={_folder["trained"]}");

        trained.Status.ShouldBe(RunSummary.Finished);
        AsynchronousMetrics metrics = trained.Asynchronous.ShouldNotBeNull();
        metrics.Horizons.ShouldBeGreaterThan(0);
        OutsideChange failure = metrics.Changes.Single(c => c.LinksUp == 6);
        failure.TimeMs.ShouldBe(1000);
        failure.PhiAfter.ShouldNotBe(failure.PhiBefore);
        Text("actors", RunFolder.TimelineFile).ShouldBe(Text("trained", RunFolder.TimelineFile));
        Text("given", RunFolder.TimelineFile).ShouldBe(Text("trained", RunFolder.TimelineFile));
        given.Metrics.Episodes.ShouldBe(0);
        given.Status.ShouldBe(RunSummary.Finished);
        actors.Asynchronous!.Phi.ShouldBe(metrics.Phi);
        Text("trained", RunFolder.TimelinePlotFile).ShouldContain("virtual time");
        (await Run("other", RunPath.Actors, $"network.policy={_folder["trained"]}", "seed=6")).Asynchronous!.Phi.ShouldNotBe(metrics.Phi);
    }

    /// <summary>What goes to routers is what the agents have come to.</summary>
    [Fact]
    public async Task Run_Weights_AreThoseInForceAtTheEnd()
    {
        await Run("trained", RunPath.Batched);
        foreach (string run in new[] { "trained", "given" })
        {
            NetworkSummary summary = run == "trained" ? RunSummary.Read<NetworkSummary>(RunFolder.Open(_folder[run]))!
                : await Run("given", RunPath.Actors, $"network.policy={_folder["trained"]}", "network.topology-changes=\"\"");
            Topology topology = GmlTopology.Read(Text(run, RunFolder.TopologyFile), run);
            double[] weights = [.. JsonDocument.Parse(Text(run, RunFolder.WeightsFile)).RootElement.EnumerateArray()
                .Select(link => link.GetProperty("weight").GetDouble())];
            weights.Any(weight => weight != 1).ShouldBeTrue();
            TopologyChanges changes = run == "given" ? TopologyChanges.None
                : TopologyChanges.Read(Text(run, RunFolder.TopologyChangesFile), run, topology);
            NetworkTimeline timeline = new(topology, FlowJson.Read(Text(run, RunFolder.FlowsFile), run, topology), changes,
                new RoutingRule(RoutingModel.Dag));
            NetworkEnvironment environment = new(new NetworkScenario(topology, timeline.At(1999), weights, Objective.Variance));
            environment.Step(weights);
            environment.Phi.ShouldBe(summary.Asynchronous!.PhiLast);
        }
    }

    [Fact]
    public async Task Run_WithMemories_TakesThemAlongWithThePolicy()
    {
        string[] layered = ["method=samaroh-2l", "network.memory.delta=0.1"];
        NetworkSummary trained = await Run("trained", RunPath.Batched, layered), actors = await Run("actors", RunPath.Actors, layered);
        await Run("given", RunPath.Actors, [.. layered, $"network.policy={_folder["trained"]}"]);
        NetworkSummary forgetful = await Run(
            "forgetful", RunPath.Actors, [.. layered, "network.memory.use-probability=0", $"network.policy={_folder["trained"]}"]);

        actors.Exchanges.ShouldBe(trained.Exchanges);
        actors.Exchanges.Sent.ShouldBeInRange(1, actors.Exchanges.Possible - 1);
        Text("actors", RunFolder.TimelineFile).ShouldBe(Text("trained", RunFolder.TimelineFile));
        Text("given", RunFolder.TimelineFile).ShouldBe(Text("trained", RunFolder.TimelineFile));
        AsynchronousMetrics metrics = trained.Asynchronous.ShouldNotBeNull();
        (metrics.States / (double)metrics.Horizons)
            .ShouldBeLessThan(forgetful.Asynchronous!.States / (double)forgetful.Asynchronous.Horizons);
    }

    [Fact]
    public async Task Resume_StoppedInTraining_PlaysTheAsynchronousPartToo()
    {
        await Run("straight", RunPath.Batched);
        using CancellationTokenSource stop = new();
        QuietObserver stopping = new() { OnEpisode = e => { if (e.Episode == 9) { stop.Cancel(); } } };
        ExperimentRequest request = new(_folder["small.conf"]) { OutputFolder = _folder["stopped"], Path = RunPath.Batched };
        (await ExperimentRunner.RunAsync(request, stopping, stop.Token)).Summary.Status.ShouldBe(RunSummary.Stopped);
        (await ExperimentRunner.ResumeAsync(_folder["stopped"], new QuietObserver(), default)).Summary.Status.ShouldBe(RunSummary.Finished);
        Text("stopped", RunFolder.TimelineFile).ShouldBe(Text("straight", RunFolder.TimelineFile));
    }

    [Fact]
    public async Task Grid_ThatFollowsAPolicy_IsRefused()
    {
        await Run("trained", RunPath.Batched);
        string message = (await Should.ThrowAsync<InvalidInputException>(() =>
            Run("grid", RunPath.Batched, "grid.seeds=[1,2]", $"network.policy={_folder["trained"]}"))).Message;
        message.ShouldContain("'akkalb.network.policy' names a policy, expected runs that train their own");
        Directory.Exists(_folder["grid"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("network.policy=nowhere", "nowhere: expected the policy")]
    [InlineData("network.asynchronous.until=0s", "'akkalb.network.asynchronous.until' is 0 ms, expected more than")]
    [InlineData("network.asynchronous.threshold=-1", "'akkalb.network.asynchronous.threshold' is '-1', expected a number from 0")]
    [InlineData("network.asynchronous.rounds.temperature=0", ".asynchronous.rounds.temperature' is '0', expected a number above 0")]
    [InlineData("network.asynchronous.rounds.count=0", "'akkalb.network.asynchronous.rounds.count' is '0', expected an integer from 1")]
    [InlineData("network.asynchronous.rounds.count=2", "expected 1, or 'akkalb.network.asynchronous.keep-best' on")]
    [InlineData("network.asynchronous.latency.max=0ms", "expected a duration not below latency.min")]
    [InlineData("method=maroh", "expected episodes, or agents that decide alone")]
    [InlineData("method=samaroh-2l network.asynchronous.exchange=push",
        "'akkalb.network.asynchronous.exchange' is 'push', expected pull with a memory")]
    [InlineData("method=samaroh-2l network.memory.switching=team", "'akkalb.network.memory.switching' is 'team', expected per-agent where")]
    public async Task Run_BadValue_SaysWhatIsExpected(string pairs, string expected)
    {
        string message = (await Should.ThrowAsync<InvalidInputException>(() => Run("bad", RunPath.Batched, pairs.Split(' ')))).Message;
        message.ShouldContain(expected);
        message.ShouldNotContain("\n");
        Directory.Exists(_folder["bad"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_PolicyOfAnotherModel_IsRefused()
    {
        await Run("trained", RunPath.Batched, "network.agents.readout=shared");
        (await Should.ThrowAsync<InvalidInputException>(() => Run("given", RunPath.Batched, $"network.policy={_folder["trained"]}")))
            .Message.ShouldContain("'akkalb.network.agents.readout' is 'per-agent', expected 'shared'");
    }

    [Fact]
    public void Metrics_ThreeSamplesAndAChange_AreAsComputedByHand()
    {
        NetworkSample At(long time, double phi, int change, bool isChange, long messages) =>
            new(time, change, isChange, phi, 0, 0, 8, 1, 0, messages, 0, messages / 10);
        AsynchronousMetrics metrics = AsynchronousMetrics.Of(
            [At(0, 2, 0, false, 0), At(1000, 8, 1, true, 100), At(3000, 1.05, 1, false, 200), At(4000, 4, 1, false, 220),
                At(6000, 1.09, 1, false, 300), At(7000, 1, 1, false, 400)],
            10_000, finished: true);
        metrics.Phi.ShouldBe((2 + 16 + 1.05 + 8 + 1.09 + 3) / 10, 1e-12);
        metrics.Changes.ShouldHaveSingleItem().ShouldBe(new OutsideChange(1, 8, 1, 0, 2, 8, 1, 5, 200, 20));
        metrics.Messages.ShouldBe(400);
    }
}
