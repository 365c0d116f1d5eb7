using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Tests.Experiments;

namespace AkkaLb.Runtime.Tests.Journals;

public sealed class RunJournalTests : JournalTest
{
    private const string DataCenter = """
        akkalb {
          family = datacenter, method = distr-lb, checkpoint.interval = 0s
          datacenter {
            policies = [sed], repetitions = 2, actors = on, traffic.duration = 10s
            learning { episodes = 3, warm-up = 2, updates = 1, batch = 2, sequence = 4, burn-in = 1, hidden = 4, duration = 10s }
          }
        }
        """;

    private const string Game = """
        akkalb { family = game, method = dynamic, game { generate { players = 4, servers = 3 }, dynamic.arrivals = all-in-turn } }
        """;

    private string HashOfCheckpoint() => Checkpoint.Hash(Path.Combine(Folder["run"], RunFolder.CheckpointFolder));

    [Fact]
    public async Task Read_RunsOfWhichOneIsNamedLikeTheOthersBeginning_AreApart()
    {
        await Run("run");
        foreach (string file in (string[])[JournalLocation.EventsFile, JournalLocation.SnapshotsFile])
        {
            string table = file == JournalLocation.EventsFile ? "journal" : "snapshot";
            new JournalRows(Path.Combine(Folder["run"], file)).Execute(
                $"UPDATE {table} SET persistence_id = CASE persistence_id WHEN 'link-0' THEN 'team/' ELSE 'team/a/' END || persistence_id");
        }
        JournalLocation database = JournalLocation.Of(Folder["run"]);
        using JournalReader team = JournalReader.Open(database with { Prefix = "team/" });
        using JournalReader other = JournalReader.Open(database with { Prefix = "team/a/" });
        team.Agents().Select(agent => agent.Agent).ShouldBe(["link-0"]);
        team.Events(new EventFilter()).Select(e => e.Agent).Distinct().ShouldBe(["link-0"]);
        team.Snapshots().Select(snapshot => snapshot.Agent).Distinct().ShouldBe(["link-0"]);
        other.Agents().Count.ShouldBe(8);
        other.Snapshots().ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(RunPath.Actors, 8)]
    [InlineData(RunPath.Batched, 0)]
    public async Task Run_OfANetwork_IsWrittenDown(RunPath path, int linkAgents)
    {
        await Run("run", path: path);
        using JournalReader reader = Open("run");
        reader.Agents().Select(a => a.Agent).ShouldBe([.. Enumerable.Range(0, linkAgents).Select(i => $"link-{i}"), "run"]);
        StoredEvent[] events = [.. reader.Events(new EventFilter("run"))];
        events.Select(e => e.Number).ShouldBe(Enumerable.Range(1, events.Length).Select(i => (long)i));
        events.Select(e => e.Type).Where(t => t.StartsWith("run-", StringComparison.Ordinal)).ShouldBe(["run-started", "run-finished"]);
        reader.Events(new EventFilter(Type: "episode-finished")).Count().ShouldBe(24);
        reader.Events(new EventFilter(Type: "checkpoint-written")).Count().ShouldBe(3);
        reader.Events(new EventFilter(Type: "weights-decided")).Count().ShouldBe(24 * linkAgents);
        AgentMemory.Of(events).Values["checkpointSha256"].ShouldBe(HashOfCheckpoint());
        if (linkAgents > 0)
        {
            AgentMemory.Of(reader.Events(new EventFilter("link-3"))).Values["policyVersion"].ShouldBe(2L);
        }
        JournalVerification found = JournalVerifier.Verify(reader);
        found.Problems.ShouldBeEmpty();
        found.Snapshots.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Resume_AfterAStop_DecidesTheSameAsARunWithoutOne()
    {
        await Run("straight");
        using CancellationTokenSource stop = new();
        QuietObserver observer = new() { OnEpisode = e => { if (e.Episode == 11) { stop.Cancel(); } } };
        await Run("stopped", observer: observer, cancellation: stop.Token);
        (await ExperimentRunner.ResumeAsync(Folder["stopped"], new QuietObserver(), default)).Summary.Status.ShouldBe(RunSummary.Finished);
        using (JournalReader straight = Open("straight"), stopped = Open("stopped"))
        {
            IReadOnlyList<AgentDifference> differences = JournalComparison.Compare(straight, stopped, new EventFilter());
            differences.Count.ShouldBe(9);
            differences.ShouldAllBe(d => d.IsNone && d.Equal >= 24);
            stopped.Events(new EventFilter("run")).Select(e => e.Type).Where(t => t.StartsWith("run-", StringComparison.Ordinal)).ShouldBe(
                ["run-started", "run-stopped", "run-resumed", "run-finished"]);
        }
        Problems("stopped").ShouldBeEmpty();
    }

    [Fact]
    public async Task Resume_OfARunStoppedBeforeItsFirstCheckpoint_KnowsWhatTheGeneratorReached()
    {
        NetworkSummary straight = (await Run("straight")).Summary.ShouldBeOfType<NetworkSummary>();
        straight.Traffic.GeneratorMeanLoad.ShouldNotBeNull();
        await RunUntil(0, "stopped");
        (await Resume("stopped")).Summary.ShouldBeOfType<NetworkSummary>().Traffic.ShouldBe(straight.Traffic);
    }

    [Theory]
    [InlineData("network.memory.representatives=delta-net")]
    [InlineData("network.memory.representatives=clusters")]
    public async Task Memory_RebuiltFromTheJournal_IsThatOfTheCheckpoint(string kind)
    {
        await Run("run", overrides: [kind, "method=samaroh-2l", "network.memory.size=6", "network.memory.delta=0.001"]);
        string file = Path.Combine(Folder["run"], RunFolder.ConfigurationFile);
        NetworkExperiment experiment = NetworkExperimentReader.Read(ConfigurationLoader.Load(file, []), file, Folder["run"]);
        using PpoLearner learner = new(experiment.Model, experiment.Seed, 1, experiment.Scenarios);
        NetworkCheckpoint.Restore(RunFolder.Open(Folder["run"]), learner);
        using JournalReader reader = Open("run");
        for (int link = 0; link < 8; link++)
        {
            AgentExperience expected = learner.Experience.ShouldNotBeNull()[link], rebuilt = new(
                experiment.Model.Options.Memory!, experiment.Model.MessageIterations, experiment.Model.HiddenState, link, experiment.Seed);
            foreach (StoredEvent stored in reader.Events(new EventFilter($"link-{link}", Type: "weights-decided")))
            {
                rebuilt.Apply(((LinkAgentJournal.WeightsDecided)stored.Read()).Memory!.Changes.AsMemory());
            }
            rebuilt.Save().ShouldBe(expected.Save());
            AgentMemory.Of(reader.Events(new EventFilter($"link-{link}"))).Entries.Count.ShouldBe(expected.Count);
        }
        Problems("run").ShouldBeEmpty();
    }

    /// <param name="episode">Of the first block, and of the last.</param>
    [Theory]
    [InlineData(6)]
    [InlineData(22)]
    public async Task Replay_OfAWholeRun_ComparesEveryDecision(int episode)
    {
        await Run("run");
        (RunResult result, long compared, long beyond) = await RunReplay.ReplayAsync(Folder["run"], new QuietObserver(), default);
        (result.Summary.Status, compared, beyond).ShouldBe((RunSummary.Finished, 24 + 8 * (24 + 3), 0));
        Rows("run").ChangeEvent(
            "link-2", "weights-decided/2", episode, e => ((LinkAgentJournal.WeightsDecided)e) with { Weights = [1, 2, 3, 4] });
        RunFailedException differs = await Should.ThrowAsync<RunFailedException>(
            () => RunReplay.ReplayAsync(Folder["run"], new QuietObserver(), default));
        differs.Message.ShouldContain($"link-2: weights-decided/2 {episode} differs from the one in the journal");
    }

    [Fact]
    public async Task Game_Journal_HasThePlacementsAndTheServersRoundsAndIsReplayed()
    {
        await Run("game", Game);
        using JournalReader reader = Open("game");
        reader.Agents().Select(a => a.Agent)
            .ShouldBe(["player-0", "player-1", "player-2", "player-3", "run", "server-0", "server-1", "server-2"]);
        Problems("game").ShouldBeEmpty();
        (_, long compared, long beyond) = await RunReplay.ReplayAsync(Folder["game"], new QuietObserver(), default);
        compared.ShouldBe(
            reader.Events(new EventFilter(Type: "job-placed")).Count() + reader.Events(new EventFilter(Type: "rounds-ended")).Count());
        (compared > 0, beyond).ShouldBe((true, 0));
        Rows("game").ChangeEvent(
            "server-1", "rounds-ended/1", 0, e => ((ServerJournal.RoundsEnded)e) with { Load = 123 });
        (await Should.ThrowAsync<RunFailedException>(() => RunReplay.ReplayAsync(Folder["game"], new QuietObserver(), default)))
            .Message.ShouldContain("server-1: rounds-ended/1 0 differs from the one in the journal");
    }

    [Fact]
    public async Task DataCenter_Journal_HasTheTrainingAndTheBalancersWeightsAndIsComparedWhenTheRunGoesOn()
    {
        await Run("run", DataCenter);
        using JournalReader reader = Open("run");
        reader.Events(new EventFilter(Type: "episode-trained")).Count().ShouldBe(3);
        StoredAgent[] balancers = [.. reader.Agents().Where(a => a.Agent.StartsWith("load-balancer-", StringComparison.Ordinal))];
        int loadBalancers = balancers.Select(a => a.Agent.Split('.')[0]).Distinct().Count();
        // Three training episodes and two repetitions of both forms of what was learnt have weights and connections, those of SED
        // connections.
        balancers.Length.ShouldBe((3 + 2 * (2 + 1)) * loadBalancers);
        balancers.Sum(a => a.Events).ShouldBe((2 * 3 + 2 * (2 * 2 + 1)) * loadBalancers);
        AgentMemory.Of(reader.Events(new EventFilter("run"))).Values["checkpointSha256"].ShouldBe(HashOfCheckpoint());
        long events = balancers.Sum(a => a.Events);
        // As if the process had been killed before it wrote its summary.
        File.Delete(Path.Combine(Folder["run"], RunFolder.SummaryFile));
        await ExperimentRunner.ResumeAsync(Folder["run"], new QuietObserver(), default);
        reader.Agents().Where(a => a.Agent.StartsWith("load-balancer-", StringComparison.Ordinal)).Sum(a => a.Events).ShouldBe(events);
        Problems("run").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("load-balancer-0.training.1", "weights-decided-by-lb/1")]
    [InlineData("load-balancer-0.sed.1", "connections-opened/1")]
    public async Task Replay_OfADataCenter_ComparesItsTrainingAndItsClassicPolicies(string agent, string manifest)
    {
        await Run("run", DataCenter);
        (_, long compared, long beyond) = await RunReplay.ReplayAsync(Folder["run"], new QuietObserver(), default);
        using (JournalReader reader = Open("run"))
        {
            compared.ShouldBe(reader.Events(new EventFilter()).Count(e => e.Read().Step >= 0));
        }
        beyond.ShouldBe(0);
        Rows("run").ChangeEvent(agent, manifest, 0, e => e switch
        {
            LoadBalancerJournal.WeightsDecided decided => decided with { Weights = decided.Weights.SetItem(3, 9) },
            LoadBalancerJournal.ConnectionsOpened opened => opened with { Choices = opened.Choices + 1 },
            _ => e,
        });
        (await Should.ThrowAsync<RunFailedException>(() => RunReplay.ReplayAsync(Folder["run"], new QuietObserver(), default)))
            .Message.ShouldContain($"{agent}: {manifest} 0 differs from the one in the journal");
    }

    [Fact]
    public async Task SwitchedOff_MakesNoJournal()
    {
        await Run("run", overrides: "journal.enabled=off");
        Directory.Exists(Path.Combine(Folder["run"], JournalLocation.Folder)).ShouldBeFalse();
        Should.Throw<InvalidInputException>(() => JournalLocation.Of(Folder["run"])).Message
            .ShouldEndWith("expected a run with a journal ('akkalb.journal.enabled'), found none");
    }

    [Fact]
    public async Task KilledBeforeItsJournalWasMade_IsWrittenDownFromTheStart()
    {
        await Run("run");
        string copy = Directory.CreateDirectory(Folder["killed"]).FullName;
        foreach (string input in (string[])[RunFolder.ConfigurationFile, RunFolder.TopologyFile, RunFolder.FlowsFile])
        {
            File.Copy(Path.Combine(Folder["run"], input), Path.Combine(copy, input));
        }
        await ExperimentRunner.ResumeAsync(copy, new QuietObserver(), default);
        using JournalReader expected = Open("run"), found = Open("killed");
        JournalComparison.Compare(expected, found, new EventFilter()).ShouldAllBe(d => d.IsNone);
    }

    [Fact]
    public async Task BegunWithoutAJournal_GoesOnWithoutOne()
    {
        using CancellationTokenSource stop = new();
        await Run("run", observer: new() { OnEpisode = e => { if (e.Episode == 8) { stop.Cancel(); } } }, cancellation: stop.Token);
        Directory.Delete(Path.Combine(Folder["run"], JournalLocation.Folder), recursive: true);
        (await ExperimentRunner.ResumeAsync(Folder["run"], new QuietObserver(), default)).Summary.Status.ShouldBe(RunSummary.Finished);
        Directory.Exists(Path.Combine(Folder["run"], JournalLocation.Folder)).ShouldBeFalse();
    }

    [SkippableFact]
    public async Task OnPostgres_RunsShareADatabaseByName()
    {
        Skip.If(LocalPostgres.Missing is not null, LocalPostgres.Missing);
        using LocalPostgres server = LocalPostgres.Start();
        string connection = server.CreateDatabase();
        string[] keys = ["journal.provider=postgresql", $"journal.connection=\"{connection}\""];
        await Run("one", Game, overrides: keys);
        await Run("two🚀", Game, overrides: keys);
        (await Should.ThrowAsync<InvalidInputException>(() => Run("three", Game, overrides: [.. keys, "journal.run=two🚀"]))).Message
            .ShouldContain("'akkalb.journal.run': the database holds a run 'two🚀' already, expected another name");
        // The right command can follow.
        Directory.Exists(Folder["three"]).ShouldBeFalse();
        using (JournalReader one = Open("one"), two = Open("two🚀"))
        {
            one.Agents().Count.ShouldBe(8);
            JournalComparison.Compare(one, two, new EventFilter()).ShouldAllBe(d => d.IsNone && d.Equal == d.Left);
        }
        Problems("two🚀").ShouldBeEmpty();
        using JournalReader both = JournalReader.Open(JournalLocation.Of(connection));
        both.Agents().Select(a => a.Agent).ShouldContain("two🚀/player-3");
        Directory.Move(Folder["one"], Folder["renamed"]);
        using JournalReader renamed = Open("renamed");
        renamed.Agents().Count.ShouldBe(8);
        Directory.Exists(Path.Combine(Folder["one"], JournalLocation.Folder)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("journal.provider=oracle", "'akkalb.journal.provider' is 'oracle', expected sqlite, postgresql")]
    [InlineData("journal.provider=postgresql", "'akkalb.journal.connection' is '', expected a connection string")]
    [InlineData("journal.snapshot-every=0", "'akkalb.journal.snapshot-every' is '0', expected an integer from 1")]
    public async Task Keys_OutOfRange_AreRefusedBeforeAnythingIsWritten(string key, string message)
    {
        (await Should.ThrowAsync<InvalidInputException>(() => Run("bad", overrides: key))).Message.ShouldContain(message);
        Directory.Exists(Folder["bad"]).ShouldBeFalse();
    }
}
