using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Domain;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Tests.Journals;

namespace AkkaLb.Runtime.Tests.Experiments.Network;

/// <summary>The journals of runs with an asynchronous part: of one that trains first, and of one that follows its policy.</summary>
public sealed class AsynchronousJournalTests : JournalTest
{
    private const string Layered = "method=samaroh-2l", Delta = "network.memory.delta=0.1",
        KeepsBest = "network.asynchronous.keep-best=on", Rounds = "network.asynchronous.rounds.count=3",
        Restart = "network.asynchronous.on-change=restart", Push = "network.asynchronous.exchange=push";

    private const string Asynchronous = """
        akkalb {
          seed = 5
          network {
            topology = 4-node
            topology-changes = failures.json
            agents.message-iterations = 2
            training { episodes = 16, horizons = 5, update-every = 8 }
            mode = asynchronous
            asynchronous { until = 20s, threshold = 0, budget = 400, cooldown = 1ms, sample-probability = 0.9 }
          }
          baselines.genetic.enabled = off
          journal.snapshot-every = 2
        }
        """;

    public AsynchronousJournalTests() => Folder.Write("failures.json", Failures());

    [Theory]
    [InlineData]
    [InlineData(Layered, Delta)]
    public async Task Run_JournalOnOrOff_PolicyTrainedOrTaken_IsTheSame(params string[] method)
    {
        await Play("trained", method);
        await Play("taken", [.. method, $"network.policy={Folder["trained"]}"]);
        await Play("off", [.. method, $"network.policy={Folder["trained"]}", "journal.enabled=off"]);
        Text("taken").ShouldBe(Text("trained"));
        Text("off").ShouldBe(Text("trained"));
        using JournalReader reader = Open("taken");
        AgentMemory network = Memory(reader, AsynchronousJournal.Network), agent = Memory(reader, "link-3.asynchronous");
        ((long)network.Values["slices"]).ShouldBeGreaterThan(2);
        agent.Values["slices"].ShouldBe(network.Values["slices"]);
        agent.Values.Keys.ShouldContain("weight");
        JournalVerifier.Verify(reader, RunFolder.Open(Folder["taken"])).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true, Layered, Delta)]
    [InlineData(false, KeepsBest, Rounds)]
    [InlineData(false, KeepsBest, Rounds, Restart)]
    [InlineData(false, KeepsBest, Rounds, Push)]
    public async Task Resume_StoppedAfterEverySlice_IsTheRunThatWasNotStopped(bool takesPolicy, params string[] method)
    {
        await Play("straight", method);
        string[] overrides = takesPolicy ? [.. method, $"network.policy={Folder["straight"]}"] : method;
        if (takesPolicy)
        {
            await Play("taken", overrides);
        }
        // It stops after the first slice that it plays.
        using (CancellationTokenSource stop = new())
        {
            await Run("stopped", Asynchronous, RunPath.Batched, Stopping(stop), stop.Token, overrides);
        }
        int stops = 1;
        for (NetworkSummary? summary = null; summary?.Status != RunSummary.Finished; stops++)
        {
            RunSummary.Read<NetworkSummary>(RunFolder.Open(Folder["stopped"]))!.Status.ShouldBe(RunSummary.Stopped);
            using CancellationTokenSource stop = new();
            RunResult result = await ExperimentRunner.ResumeAsync(Folder["stopped"], Stopping(stop), stop.Token);
            summary = result.Summary.ShouldBeOfType<NetworkSummary>();
        }
        stops.ShouldBeGreaterThan(3);
        Text("stopped").ShouldBe(Text("straight"));
        using JournalReader expected = Open(takesPolicy ? "taken" : "straight"), found = Open("stopped");
        IReadOnlyList<AgentDifference> differences = JournalComparison.Compare(expected, found, new EventFilter());
        differences.ShouldAllBe(d => d.IsNone);
        differences.Count(d => d.Equal > 2).ShouldBeGreaterThanOrEqualTo(9);
        JournalVerifier.Verify(found).Problems.ShouldBeEmpty();
    }

    /// <summary>Actors have trained, and the run is stopped again and again in its asynchronous part: the checkpoint stays.</summary>
    [Theory]
    [InlineData]
    [InlineData(Layered, Delta)]
    public async Task Resume_ActorsStoppedTwiceAfterTraining_IsTheRunThatWasNotStopped(params string[] method)
    {
        await Play("straight", RunPath.Actors, method);
        for (int stops = 0; stops < 3; stops++)
        {
            using CancellationTokenSource stop = new();
            NetworkSummary summary = (NetworkSummary)(stops == 0
                ? await Run("stopped", Asynchronous, RunPath.Actors, Stopping(stop), stop.Token, method)
                : await ExperimentRunner.ResumeAsync(Folder["stopped"], Stopping(stop), stop.Token)).Summary;
            (summary.Status, summary.Metrics.Episodes).ShouldBe((RunSummary.Stopped, 16));
            RunState.EpisodesOf(RunFolder.Open(Folder["stopped"])).ShouldBe(16);
        }
        (await Resume("stopped")).Summary.Status.ShouldBe(RunSummary.Finished);
        foreach (string file in new[] { RunFolder.TimelineFile, RunFolder.EpisodesFile, RunFolder.WeightsFile })
        {
            File.ReadAllText(Path.Combine(Folder["stopped"], file)).ShouldBe(File.ReadAllText(Path.Combine(Folder["straight"], file)));
        }
        foreach (string file in new[] { PpoCheckpoint.WeightsFile, PpoCheckpoint.OptimiserFile })
        {
            CheckpointFile("stopped", file).ShouldBe(CheckpointFile("straight", file));
        }
    }

    private byte[] CheckpointFile(string run, string file) =>
        File.ReadAllBytes(Path.Combine(Folder[run], RunFolder.CheckpointFolder, file));

    [Theory]
    [InlineData]
    [InlineData(Layered, Delta)]
    [InlineData(KeepsBest, Rounds)]
    [InlineData(KeepsBest, Rounds, Restart)]
    public async Task Replay_RunsWithAnAsynchronousPart_ComparesEverySlice(params string[] method)
    {
        await Play("trained", RunPath.Actors, method);
        await Play("taken", [.. method, $"network.policy={Folder["trained"]}"]);
        foreach (string run in (string[])["trained", "taken"])
        {
            (RunResult result, long compared, long beyond) = await RunReplay.ReplayAsync(Folder[run], new QuietObserver(), default);
            (((NetworkSummary)result.Summary).Status, beyond).ShouldBe((RunSummary.Finished, 0));
            compared.ShouldBeGreaterThan(8 * 3);
        }
    }

    [Fact]
    public async Task Replay_ASliceWasDecidedOtherwise_NamesIt()
    {
        await Play("trained");
        await Play("taken", $"network.policy={Folder["trained"]}");
        await Play("other", $"network.policy={Folder["trained"]}", "seed=6");
        File.Copy(EventsFile("other"), EventsFile("taken"), overwrite: true);
        ShouldBeOneLine(
            await Should.ThrowAsync<RunFailedException>(() => RunReplay.ReplayAsync(Folder["taken"], new QuietObserver(), default)),
            "asynchronous: slice-decided/1 0 differs from the one in the journal");
    }

    [Fact]
    public async Task Resume_PolicyChanged_NamesTheFile()
    {
        await Play("trained");
        using CancellationTokenSource stop = new();
        await Run("run", Asynchronous, RunPath.Batched, Stopping(stop), stop.Token, $"network.policy={Folder["trained"]}");
        string policy = Path.Combine(Folder["run"], RunFolder.PolicyFile);
        byte[] bytes = File.ReadAllBytes(policy);
        bytes[^1] ^= 1;
        File.WriteAllBytes(policy, bytes);
        ShouldBeOneLine(await Should.ThrowAsync<InvalidInputException>(() => Resume("run")), policy, "damaged: its SHA-256 is");

        // Even where somebody has made new sums.
        string sums = Path.Combine(Folder["run"], RunFolder.PolicySumsFile);
        File.Delete(sums);
        ShouldBeOneLine(
            await Should.ThrowAsync<InvalidInputException>(() => Resume("run")),
            "policy: the SHA-256 of its files is", "which the journal holds");
    }

    private static AgentMemory Memory(JournalReader reader, string agent) => AgentMemory.Of(reader.Events(new EventFilter(agent)));

    private static QuietObserver Stopping(CancellationTokenSource stop) => new()
    {
        OnNotice = line =>
        {
            if (line.Contains("asynchronous", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        },
    };

    private Task Play(string output, params string[] overrides) => Play(output, RunPath.Batched, overrides);

    private async Task Play(string output, RunPath path, params string[] overrides) =>
        ((NetworkSummary)(await Run(output, Asynchronous, path, overrides: overrides)).Summary).Status.ShouldBe(RunSummary.Finished);

    /// <summary>Every half second links fail or return.</summary>
    private static string Failures() => $"{{{string.Join(", ", Enumerable.Range(1, 39).Select(half =>
        $"\"{500 * half}\": {(half % 2 == 0 ? "{}" : """{"missing_links": [["1", "2", 0], ["2", "1", 0]]}""")}"))}}}";

    private string Text(string run) => File.ReadAllText(Path.Combine(Folder[run], RunFolder.TimelineFile));
}
