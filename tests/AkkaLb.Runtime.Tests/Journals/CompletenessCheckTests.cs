using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Tests.Experiments;

namespace AkkaLb.Runtime.Tests.Journals;

/// <summary>Rows at the end leave no gap: that they are gone is known of a run that has finished, by what its other agents have.</summary>
public sealed class CompletenessCheckTests : JournalTest
{
    private const string NoSnapshots = "journal.snapshot-every=1000";

    [Fact]
    public async Task Verify_LastRowsOfAnAgentGone_AreMissedInAFinishedRun()
    {
        await Run("run", overrides: NoSnapshots);
        Rows("run").Execute("DELETE FROM journal WHERE persistence_id = 'link-3' AND sequence_number > 2");
        string problem = Problems("run").ShouldHaveSingleItem();
        problem.ShouldStartWith("link-3: its events at the end are missing: weights-decided to ");
        problem.ShouldEndWith(", expected 24, as far as link-0 goes, as the run has finished");
        (await Should.ThrowAsync<RunFailedException>(() => RunReplay.ReplayAsync(Folder["run"], new QuietObserver(), default)))
            .Message.ShouldMatch("^link-3: [a-z-]+/[0-9] [0-9]+ is not in the journal, though the run has finished$");
    }

    /// <summary>That all links end early shows in the run's own events.</summary>
    [Fact]
    public async Task Verify_LastRowsOfAllLinksGone_AreMissed()
    {
        await Run("run", overrides: NoSnapshots);
        Rows("run").Execute("DELETE FROM journal WHERE persistence_id LIKE 'link-%' AND sequence_number > 2");
        Problems("run").Count.ShouldBe(8);
        Problems("run")[0].ShouldEndWith(", expected 24, as far as run goes, as the run has finished");
    }

    [Fact]
    public async Task Verify_WholeAgentGone_IsMissedInAFinishedRun()
    {
        await Run("run", overrides: NoSnapshots);
        Rows("run").Execute("DELETE FROM journal WHERE persistence_id IN ('link-3', 'link-7')");
        Problems("run").ShouldBe(["link-3: it is missing, though the run has finished"]);
        using (JournalReader reader = Open("run"))
        {
            // How many links there are stands in the run's folder.
            JournalVerifier.Verify(reader, RunFolder.Open(Folder["run"])).Problems.ShouldBe(
                [.. new[] { 3, 7 }.Select(link => $"link-{link}: it is missing, though the run has finished")]);
        }
        (await Should.ThrowAsync<RunFailedException>(() => RunReplay.ReplayAsync(Folder["run"], new QuietObserver(), default)))
            .Message.ShouldEndWith(" is not in the journal, though the run has finished");
    }

    /// <summary>How many servers a game has stands in the run's folder, too.</summary>
    [Fact]
    public async Task Verify_LastServerOfAGameGone_IsMissed()
    {
        await Run("run", "akkalb { family = game, method = static, game.generate { servers = 3, players = 4 } }");
        Rows("run").Execute("DELETE FROM journal WHERE persistence_id = 'server-2'");
        using JournalReader reader = Open("run");
        JournalVerifier.Verify(reader, RunFolder.Open(Folder["run"])).Problems.ShouldBe(
            ["server-2: it is missing, though the run has finished"]);
    }

    /// <summary>One that was stopped or killed has not stored all that it decided.</summary>
    [Fact]
    public async Task Verify_StoppedRun_MayEndAnywhere()
    {
        await RunUntil(9, "run", NoSnapshots);
        Problems("run").ShouldBeEmpty();
        Rows("run").Execute(
            "DELETE FROM journal WHERE persistence_id = 'link-3' AND sequence_number = "
                + "(SELECT MAX(sequence_number) FROM journal WHERE persistence_id = 'link-3')");
        Problems("run").ShouldBeEmpty();
        RunResult result = (await RunReplay.ReplayAsync(Folder["run"], new QuietObserver(), default)).Result;
        result.Summary.Status.ShouldBe(RunSummary.Finished);
    }

    [Fact]
    public void Problems_OfOtherFamilies_AreOfWhatTheirAgentsAllStore()
    {
        CompletenessCheck.Problems(
            [
                Agent("server-0", "rounds-ended", 30), Agent("server-1", "rounds-ended", 20), Agent("server-3", "rounds-ended", 30),
                Agent("player-1", "job-placed", 3), Agent("player-4", "job-placed", 5),
                Agent("load-balancer-0.sed.0", "connections-opened", 1), Agent("load-balancer-1.sed.0", "connections-opened", 1),
                Agent("load-balancer-0.sed.1", "connections-opened", 1),
                // In training each episode has as many as it was dealt.
                Agent("load-balancer-0.training.0", "connections-opened", 1), Agent("load-balancer-4.training.1", "connections-opened", 1),
                Agent("network.asynchronous", "slice-played", 4), Agent("link-0.asynchronous", "slice-decided", 3),
                Agent("link-1.asynchronous", "slice-decided", 2) with { IsWhole = false },
            ],
            new Dictionary<string, int> { ["server"] = 5 }).Order(StringComparer.Ordinal).ShouldBe(
        [
            "link-0.asynchronous: its events at the end are missing: slice-decided to 3, expected 4, as far as network.asynchronous goes, "
                + "as the run has finished",
            "load-balancer-0.training.1: it is missing, though the run has finished",
            "load-balancer-1.sed.1: it is missing, though the run has finished",
            "load-balancer-1.training.1: it is missing, though the run has finished",
            "load-balancer-2.training.1: it is missing, though the run has finished",
            "load-balancer-3.training.1: it is missing, though the run has finished",
            "server-1: its events at the end are missing: rounds-ended to 20, expected 30, as far as server-0 goes, "
                + "as the run has finished",
            "server-2: it is missing, though the run has finished",
            "server-4: it is missing, though the run has finished",
        ]);
    }

    private static AgentEnds Agent(string name, string type, long end) =>
        new(name, new Dictionary<string, long> { [type] = end }, IsWhole: true);
}
