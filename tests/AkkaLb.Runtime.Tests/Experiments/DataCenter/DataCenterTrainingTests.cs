using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.DataCenter;

/// <summary>Runs that learn before they compare.</summary>
public sealed class DataCenterTrainingTests : SmallDataCenter
{
    private static readonly string[] Learning =
    [
        "method=distr-lb", "datacenter.policies=[sed, lsq]", "datacenter.learning.warm-up=2", "datacenter.learning.updates=2",
        "datacenter.learning.batch=3",
        "datacenter.learning.sequence=5", "datacenter.learning.burn-in=2", "datacenter.learning.hidden=6",
        "datacenter.learning.anneal-to=1",
        "datacenter.learning.slowdowns=0.5", "datacenter.learning.duration=20s",
    ];

    [Fact]
    public async Task DistrLb_ARun_LearnsAndStandsBesideTheClassicPolicies()
    {
        DataCenterSummary summary = await RunAsync("a", [.. Learning, "datacenter.learning.episodes=5"]);
        summary.Method.ShouldBe("distr-lb");
        summary.Policies.Keys.ShouldBe(["distr-lb", "distr-lb-sampled", "sed", "lsq"]);
        summary.Policies["distr-lb"].MeanTct.ShouldNotBe(summary.Policies["sed"].MeanTct);
        (summary.Training!.Episodes, summary.Training.Updates).ShouldBe((5, 12));
        summary.Training.TrajectoryBytes.ShouldBe(0);
        Text("a", RunFolder.EpisodesFile).Split('\n').Length.ShouldBe(1 + 5 + 1);
        Text("a", RunFolder.LearningPlotFile).ShouldStartWith("<svg");

        await RunAsync("b", [.. Learning, "datacenter.learning.episodes=5", "datacenter.learning.threads=1", "datacenter.actors=on"]);
        Text("b", RunFolder.PoliciesFile).ShouldBe(Text("a", RunFolder.PoliciesFile));
    }

    /// <summary>What is not a number is not kept, and the last policy that was stays.</summary>
    [Theory]
    [InlineData("method=distr-lb")]
    [InlineData("method=centr-lb", "datacenter.actors=on")]
    [InlineData("method=rlb-sac")]
    public async Task Training_ThatDiverges_IsSaid(params string[] kind)
    {
        RunFailedException thrown = await Should.ThrowAsync<RunFailedException>(() => RunAsync("a",
        [
            .. Learning, .. kind, "datacenter.learning.episodes=6", "datacenter.learning.temperature.max=1e300",
            "datacenter.learning.temperature.initial=1e40", "checkpoint.interval=0s",
        ]));
        thrown.Message.ShouldContain("training has diverged: no finite parameters or rewards after ");
        // The two episodes before it were played at random.
        Text("a", Path.Combine(RunFolder.CheckpointFolder, "run.json")).ShouldContain("\"episodes\": 2");
    }

    [Fact]
    public async Task Training_WithoutALearningEpisode_SaysSo()
    {
        await RunAsync("a", [.. Learning, "datacenter.learning.episodes=2"]);
        Observer.Notices.ShouldContain(notice => notice.EndsWith(
            "all 2 episodes are played at random and nothing is learnt, as 'datacenter.learning.warm-up' is 2", StringComparison.Ordinal));
    }

    /// <summary>After a trace's last row there is nothing to learn from.</summary>
    [Fact]
    public async Task Training_OnATrace_IsNoLongerThanIt()
    {
        Folder.Write("t.csv", "seconds,service\n" + string.Concat(Enumerable.Range(0, 80).Select(k => $"{k / 8.0},1\n")));
        DataCenterSummary summary = await RunAsync(
            "a", [.. Learning, "method=centr-lb", "datacenter.learning.episodes=3", "datacenter.traffic.trace=t.csv"]);
        summary.Training!.TrajectoryBytes.ShouldBe(10 * 2 * 42 * 4);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("on")]
    public async Task DistrLb_StoppedAndResumed_EndsWithTheSameBits(string actors)
    {
        await RunAsync("straight", [.. Learning, "datacenter.learning.episodes=6"]);
        // It goes on to compare, which the killed run did not come to: those decisions are not to be in a journal.
        await RunAsync("half", [.. Learning, "datacenter.learning.episodes=3", $"datacenter.actors={actors}", "journal.enabled=off"]);
        // As a run of six episodes that was killed after the third.
        string configuration = Path.Combine(Folder["half"], RunFolder.ConfigurationFile);
        File.WriteAllText(configuration, File.ReadAllText(configuration).Replace("episodes = 3", "episodes = 6", StringComparison.Ordinal));
        File.Delete(Path.Combine(Folder["half"], RunFolder.SummaryFile));
        RunResult resumed = await ExperimentRunner.ResumeAsync(Folder["half"], new QuietObserver(), default);
        resumed.Summary.Status.ShouldBe(RunSummary.Finished);
        ShouldBeAlike("half", "straight");
    }

    [Theory]
    [InlineData("method=distr-lb")]
    [InlineData("method=rlb-sac")]
    [InlineData("method=centr-lb")]
    [InlineData("method=qmix-lb")]
    [InlineData("datacenter.learning.reward.scope=global")]
    public async Task Learners_TrainedByActors_LearnTheSameBits(string kind)
    {
        string[] small = [.. Learning, kind, "datacenter.learning.episodes=4", "datacenter.learning.duration=10s",
            "datacenter.repetitions=1"];
        TrainingMetrics simulated = (await RunAsync("a", small)).Training!,
            played = (await RunAsync("b", [.. small, "datacenter.actors=on"])).Training!;
        ShouldBeAlike("b", "a");
        (played with { Seconds = 0 }).ShouldBe(simulated with { Seconds = 0 });
        // Episodes of a reward that needs the true loads are the simulator's.
        Log("b").Contains("trajectories to a central learner", StringComparison.Ordinal)
            .ShouldBe(!kind.Contains("scope", StringComparison.Ordinal));
        Log("a").ShouldNotContain("trajectories to a central learner");
    }

    private string Log(string run) => Text(run, RunFolder.LogFile);

    /// <summary>The same learning curve, comparison and checkpoint.</summary>
    private void ShouldBeAlike(string run, string expected)
    {
        foreach (string file in new[] { RunFolder.EpisodesFile, RunFolder.PoliciesFile })
        {
            Text(run, file).ShouldBe(Text(expected, file));
        }
        foreach (string file in new[] { "weights.safetensors", "optimiser.safetensors", "replay.bin" })
        {
            string path = Path.Combine(RunFolder.CheckpointFolder, file);
            File.ReadAllBytes(Path.Combine(Folder[run], path)).ShouldBe(File.ReadAllBytes(Path.Combine(Folder[expected], path)));
        }
    }

    [Theory]
    [InlineData("off")]
    [InlineData("on")]
    public async Task DistrLb_StoppedAtOnce_CanBeResumed(string actors)
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();
        RunResult stopped = await ExperimentRunner.RunAsync(
            new ExperimentRequest(Folder.Write("d.conf", Head))
            {
                OutputFolder = Folder["a"], Overrides = [.. Learning, "datacenter.learning.episodes=3", $"datacenter.actors={actors}"],
            },
            new QuietObserver(), stop.Token);
        stopped.Summary.Status.ShouldBe(RunSummary.Stopped);
        RunResult resumed = await ExperimentRunner.ResumeAsync(Folder["a"], new QuietObserver(), default);
        resumed.Summary.ShouldBeOfType<DataCenterSummary>().Training!.Episodes.ShouldBe(3);
    }

    [Theory]
    [InlineData("method=qmix-lb")]
    [InlineData("method=rlb-sac")]
    public async Task OtherLearners_ARun_StandsInTheTable(string method)
    {
        DataCenterSummary summary = await RunAsync("a", [.. Learning, method, "datacenter.learning.episodes=3"]);
        summary.Policies.First().Key.ShouldBe(summary.Method);
        summary.Training!.Updates.ShouldBe(summary.Method == "rlb-sac" ? 4 : 2);
    }

    [Fact]
    public async Task CentrLb_ARun_CountsWhatItSends()
    {
        TrainingMetrics training = (await RunAsync("a", [.. Learning, "method=centr-lb", "datacenter.learning.episodes=3"])).Training!;
        // 20 moments and the first, 2 load balancers, 42 features, 7 decisions; 4 bytes each.
        training.TrajectoryBytes.ShouldBe(21 * 2 * 42 * 4);
        training.DecisionBytes.ShouldBe(20 * 2 * 7 * 4);
    }
}
