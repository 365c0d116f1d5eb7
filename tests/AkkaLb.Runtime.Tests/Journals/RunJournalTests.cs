using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Domain;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Tests.Experiments;
using Microsoft.Data.Sqlite;

namespace AkkaLb.Runtime.Tests.Journals;

public sealed class RunJournalTests : IDisposable
{
    private const string Small = """
        akkalb {
          seed = 5
          network { topology = 4-node, agents.message-iterations = 1, training { episodes = 24, horizons = 4, update-every = 8 } }
          baselines.genetic.enabled = off
          checkpoint.interval = 0s
          journal.snapshot-every = 10
        }
        """;

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

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunResult> Run(string output, string content = Small, RunPath path = RunPath.Actors, QuietObserver? observer = null, CancellationToken cancellation = default, params string[] overrides) =>
        ExperimentRunner.RunAsync(
            new ExperimentRequest(_folder.Write("run.conf", content)) { OutputFolder = _folder[output], Path = path, Overrides = overrides }, observer ?? new QuietObserver(), cancellation);

    private JournalReader Open(string run) => JournalReader.Open(JournalLocation.Of(_folder[run]));

    private void Sql(string run, string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(_folder[run], JournalLocation.EventsFile)};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private IReadOnlyList<string> Problems(string run)
    {
        using JournalReader reader = Open(run);
        return JournalVerifier.Verify(reader).Problems;
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
        AgentMemory.Of(events).Values["checkpointSha256"].ShouldBe(Checkpoint.Hash(Path.Combine(_folder["run"], RunFolder.CheckpointFolder)));
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
        (await ExperimentRunner.ResumeAsync(_folder["stopped"], new QuietObserver(), default)).Summary.Status.ShouldBe(RunSummary.Finished);
        using (JournalReader straight = Open("straight"), stopped = Open("stopped"))
        {
            IReadOnlyList<AgentDifference> differences = JournalComparison.Compare(straight, stopped, new EventFilter());
            differences.Count.ShouldBe(9);
            differences.ShouldAllBe(d => d.IsNone && d.Equal >= 24);
            stopped.Events(new EventFilter("run")).Select(e => e.Type).Where(t => t.StartsWith("run-", StringComparison.Ordinal)).ShouldBe(["run-started", "run-stopped", "run-resumed", "run-finished"]);
        }
        Problems("stopped").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("network.memory.representatives=delta-net")]
    [InlineData("network.memory.representatives=clusters")]
    public async Task Memory_RebuiltFromTheJournal_IsThatOfTheCheckpoint(string kind)
    {
        await Run("run", overrides: [kind, "method=samaroh-2l", "network.memory.size=6", "network.memory.delta=0.001"]);
        string file = Path.Combine(_folder["run"], RunFolder.ConfigurationFile);
        NetworkExperiment experiment = NetworkExperimentReader.Read(ConfigurationLoader.Load(file, []), file, _folder["run"]);
        using PpoLearner learner = new(experiment.Model, experiment.Seed, 1, experiment.Scenarios);
        NetworkCheckpoint.Restore(RunFolder.Open(_folder["run"]), learner);
        using JournalReader reader = Open("run");
        for (int link = 0; link < 8; link++)
        {
            ExperienceEntry[] expected = [.. new ExperienceWatch(learner.Experience.ShouldNotBeNull()[link], fromEmpty: true).Take().Added];
            ExperienceEntry[] rebuilt = [.. AgentMemory.Of(reader.Events(new EventFilter($"link-{link}"))).Entries];
            rebuilt.Length.ShouldBeGreaterThan(0);
            rebuilt.Select(e => e.Key).ShouldBe(expected.Select(e => e.Key));
            rebuilt.SelectMany(e => e.State.Concat(e.Outcome)).ShouldBe(expected.SelectMany(e => e.State.Concat(e.Outcome)));
        }
        reader.Events(new EventFilter(Type: "memory-changed")).Sum(e => ((LinkAgentJournal.MemoryChanged)e.Read()).Change.Removed.Length).ShouldBeGreaterThan(0);
        Problems("run").ShouldBeEmpty();
    }

    [Fact]
    public async Task Replay_OfAWholeRun_ComparesEveryDecision()
    {
        await Run("run");
        (RunResult result, long compared, long beyond) = await RunReplay.ReplayAsync(_folder["run"], new QuietObserver(), default);
        (result.Summary.Status, compared, beyond).ShouldBe((RunSummary.Finished, 24 + 8 * (24 + 3), 0));
        Sql("run", "UPDATE journal SET message = (SELECT message FROM journal WHERE persistence_id = 'link-2' AND sequence_number = 9) WHERE persistence_id = 'link-2' AND sequence_number = 8");
        (await Should.ThrowAsync<RunFailedException>(() => RunReplay.ReplayAsync(_folder["run"], new QuietObserver(), default))).Message.ShouldContain("link-2: weights-decided/1 6 ");
    }

    [Fact]
    public async Task Game_Journal_HasThePlayersPlacementsAndIsReplayed()
    {
        await Run("game", Game);
        using JournalReader reader = Open("game");
        reader.Agents().Select(a => a.Agent).ShouldBe(["player-0", "player-1", "player-2", "player-3", "run"]);
        Problems("game").ShouldBeEmpty();
        (_, long compared, long beyond) = await RunReplay.ReplayAsync(_folder["game"], new QuietObserver(), default);
        compared.ShouldBe(reader.Events(new EventFilter(Type: "job-placed")).Count());
        (compared > 0, beyond).ShouldBe((true, 0));
    }

    [Fact]
    public async Task DataCenter_Journal_HasTheTrainingAndTheBalancersWeightsAndIsComparedWhenTheRunGoesOn()
    {
        await Run("run", DataCenter);
        using JournalReader reader = Open("run");
        reader.Events(new EventFilter(Type: "episode-trained")).Count().ShouldBe(3);
        StoredAgent[] balancers = [.. reader.Agents().Where(a => a.Agent.StartsWith("load-balancer-", StringComparison.Ordinal))];
        balancers.Length.ShouldBe(2 * 2 * balancers.Select(a => a.Agent.Split('.')[0]).Distinct().Count());
        balancers.ShouldAllBe(a => a.Events > 1);
        AgentMemory.Of(reader.Events(new EventFilter("run"))).Values["checkpointSha256"].ShouldBe(Checkpoint.Hash(Path.Combine(_folder["run"], RunFolder.CheckpointFolder)));
        long events = balancers.Sum(a => a.Events);
        // As if the process had been killed before it wrote its summary.
        File.Delete(Path.Combine(_folder["run"], RunFolder.SummaryFile));
        await ExperimentRunner.ResumeAsync(_folder["run"], new QuietObserver(), default);
        reader.Events(new EventFilter(Type: "weights-set")).LongCount().ShouldBe(events);
        Problems("run").ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_DamagedJournal_NamesEveryDamage()
    {
        await Run("run");
        Sql("run", "DELETE FROM journal WHERE persistence_id = 'link-0' AND sequence_number = 4");
        Sql("run", "UPDATE journal SET manifest = 'weights-decided/7' WHERE persistence_id = 'link-1' AND sequence_number = 5");
        Sql("run", "UPDATE journal SET created = 1 WHERE persistence_id = 'link-2' AND sequence_number = 5");
        Sql("run", "DELETE FROM journal WHERE persistence_id = 'link-3'");
        IReadOnlyList<string> problems = Problems("run");
        problems.ShouldContain("link-0: event 5 follows event 3");
        problems.ShouldContain(p => p.StartsWith("event 5 of link-1: unknown manifest 'weights-decided/7'"));
        problems.ShouldContain("link-2: event 5 is older than the one before it");
        problems.ShouldContain(p => p.StartsWith("link-3: there is a snapshot at event "));
    }

    [Fact]
    public async Task SwitchedOff_MakesNoJournal()
    {
        await Run("run", overrides: "journal.enabled=off");
        Directory.Exists(Path.Combine(_folder["run"], JournalLocation.Folder)).ShouldBeFalse();
        Should.Throw<InvalidInputException>(() => JournalLocation.Of(_folder["run"])).Message.ShouldEndWith("expected a run with a journal ('akkalb.journal.enabled'), found none");
    }

    [Fact]
    public async Task KilledBeforeItsJournalWasMade_IsWrittenDownFromTheStart()
    {
        await Run("run");
        string copy = Directory.CreateDirectory(_folder["killed"]).FullName;
        foreach (string input in (string[])[RunFolder.ConfigurationFile, RunFolder.TopologyFile, RunFolder.FlowsFile])
        {
            File.Copy(Path.Combine(_folder["run"], input), Path.Combine(copy, input));
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
        Directory.Delete(Path.Combine(_folder["run"], JournalLocation.Folder), recursive: true);
        (await ExperimentRunner.ResumeAsync(_folder["run"], new QuietObserver(), default)).Summary.Status.ShouldBe(RunSummary.Finished);
        Directory.Exists(Path.Combine(_folder["run"], JournalLocation.Folder)).ShouldBeFalse();
    }

    [Fact]
    public async Task SecondProcess_IsRefused()
    {
        await Run("run");
        using (RunFolder.Open(_folder["run"]).Lock())
        {
            (await Should.ThrowAsync<InvalidInputException>(() => ExperimentRunner.ResumeAsync(_folder["run"], new QuietObserver(), default)))
                .Message.ShouldStartWith($"{_folder["run"]}: expected a run that no other process works on: ");
        }
        await ExperimentRunner.ResumeAsync(_folder["run"], new QuietObserver(), default);
    }

    [Fact]
    public async Task FailingJournal_StopsTheRunWithOneLineAndLetsItGoOnLater()
    {
        using CancellationTokenSource stop = new();
        await Run("run", observer: new() { OnEpisode = e => { if (e.Episode == 8) { stop.Cancel(); } } }, cancellation: stop.Token);
        Sql("run", "ALTER TABLE journal ADD COLUMN shard INTEGER NULL");
        string message = (await Should.ThrowAsync<RunFailedException>(() => ExperimentRunner.ResumeAsync(_folder["run"], new QuietObserver(), default))).Message;
        message.ShouldContain("table journal has the columns [");
        message.ShouldNotContain("\n");
        Sql("run", "ALTER TABLE journal DROP COLUMN shard");
        (await ExperimentRunner.ResumeAsync(_folder["run"], new QuietObserver(), default)).Summary.Status.ShouldBe(RunSummary.Finished);
        Problems("run").ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task OnPostgres_RunsShareADatabaseByName()
    {
        using PostgresServer server = new();
        Skip.If(server.Missing is not null, server.Missing);
        string connection = server.CreateDatabase();
        string[] keys = ["journal.provider=postgresql", $"journal.connection=\"{connection}\""];
        await Run("one", Game, overrides: keys);
        await Run("two", Game, overrides: keys);
        (await Should.ThrowAsync<InvalidInputException>(() => Run("three", Game, overrides: [.. keys, "journal.run=two"]))).Message
            .ShouldContain("'akkalb.journal.run': the database holds a run 'two' already, expected another name");
        using (JournalReader one = Open("one"), two = Open("two"))
        {
            one.Agents().Count.ShouldBe(5);
            JournalComparison.Compare(one, two, new EventFilter()).ShouldAllBe(d => d.IsNone && d.Equal == d.Left);
        }
        Problems("two").ShouldBeEmpty();
        using JournalReader both = JournalReader.Open(JournalLocation.Of(connection));
        both.Agents().Select(a => a.Agent).ShouldContain("two/player-3");
        Directory.Exists(Path.Combine(_folder["one"], JournalLocation.Folder)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("journal.provider=oracle", "'akkalb.journal.provider' is 'oracle', expected sqlite, postgresql")]
    [InlineData("journal.provider=postgresql", "'akkalb.journal.connection' is '', expected a connection string")]
    [InlineData("journal.snapshot-every=0", "'akkalb.journal.snapshot-every' is '0', expected an integer from 1")]
    public async Task Keys_OutOfRange_AreRefusedBeforeAnythingIsWritten(string key, string message)
    {
        (await Should.ThrowAsync<InvalidInputException>(() => Run("bad", overrides: key))).Message.ShouldContain(message);
        Directory.Exists(_folder["bad"]).ShouldBeFalse();
    }
}
