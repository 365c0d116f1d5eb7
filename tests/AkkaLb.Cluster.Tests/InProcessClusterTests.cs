using System.Net;
using System.Net.Http.Json;
using Akka;
using Akka.Actor;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cluster.Tests;

/// <summary>Three nodes in one process, over real remoting and a real PostgreSQL.</summary>
public sealed class InProcessClusterTests : InProcessTest
{
    private const int MaxLooks = 150;

    private int _runs;

    [SkippableFact]
    public async Task Run_OnThreeNodes_EqualsOneProcess()
    {
        RequirePostgres();
        await StartAsync(3);
        foreach ((string method, string more) in new[]
        {
            ("samaroh", ""),
            ("samaroh-2l", "memory { deltas = [0.05], size = 8 }"),
            ("samaroh-2l", "memory { deltas = [0.05], size = 8, switching = team }"),
            ("maroh", ""),
        })
        {
            string experiment = Experiment(method, 30, more);
            RunResult run = await RunOnClusterAsync(experiment, $"cluster-{_runs}", new Observer());
            ShouldBeUndisturbed(run, await RunAloneAsync(experiment, $"alone-{_runs++}"));
            ClusterFigures figures = ((RunSummary)run.Summary).Cluster.ShouldNotBeNull();
            (figures.Nodes, figures.RepeatedEpisodes).ShouldBe((3, 0));
            figures.FramesSent.ShouldBeGreaterThan(0);
        }
    }

    /// <summary>The first node that took the run died before anything was stored: to the journal it begins with the next one.</summary>
    [SkippableFact]
    public async Task Run_WhoseFirstHolderStoredNothing_BeginsInItsJournal()
    {
        RequirePostgres();
        await using RunStore store = await RunStore.OpenAsync(new ClusterDatabase(Database, "the test"));
        foreach (string experiment in new[]
        {
            Experiment("samaroh", 20), ExperimentFile("family = game, method = static, game.setting = 1"),
            ExperimentFile("""
                family = datacenter, method = compare
                datacenter {
                  servers.workers = [1, 1], load-balancers = 1, policies = [sed], baseline = sed, repetitions = 1
                  traffic.duration = 1s
                }
                """),
        })
        {
            string name = $"cluster-{_runs++}";
            Observer observer = new Observer().AfterNotice("handed in", async () =>
            {
                long term = (await store.TakeTermAsync(TimeSpan.Zero)).ShouldNotBeNull();
                (await store.BeginAsync(name, term)).ShouldBe(1);
                if (Nodes.Count == 0)
                {
                    await StartAsync(1);
                }
            });
            RunResult run = await RunOnClusterAsync(experiment, name, observer);
            await observer.Done;
            using JournalReader journal = JournalReader.Open(JournalLocation.Of(run.RunFolder));
            journal.Events(new EventFilter(Agent: "run")).Select(happened => happened.Type)
                .Where(type => type.StartsWith("run-", StringComparison.Ordinal)).ShouldBe(["run-started", "run-finished"]);
        }
    }

    [SkippableFact]
    public async Task Plays_OnThreeNodes_EqualOneProcess()
    {
        RequirePostgres();
        await StartAsync(3);
        foreach ((string experiment, string[] files) in Plays())
        {
            RunResult run = await RunOnClusterAsync(experiment, $"cluster-{_runs}", new Observer());
            ShouldBeUndisturbed(run, await RunAloneAsync(experiment, $"alone-{_runs++}"), files);
            ((RunSummary)run.Summary).Cluster.ShouldNotBeNull().Nodes.ShouldBe(3);
        }
    }

    /// <summary>Agents without a global step are members of a play whose clock is the network's.</summary>
    [SkippableFact]
    public async Task AsynchronousRun_OnThreeNodes_EqualsOneProcess()
    {
        RequirePostgres();
        await StartAsync(3);
        foreach ((string method, string more) in new[] { ("samaroh", ""), ("samaroh-2l", "memory { deltas = [0.05], size = 8 }") })
        {
            string experiment = AsynchronousExperiment(method, "2s", more);
            RunResult run = await RunOnClusterAsync(experiment, $"cluster-{_runs}", new Observer());
            ShouldBeUndisturbed(
                run, await RunAloneAsync(experiment, $"alone-{_runs++}"), RunFolder.EpisodesFile, RunFolder.TimelineFile);
            ((RunSummary)run.Summary).Cluster.ShouldNotBeNull().Nodes.ShouldBe(3);
        }
    }

    /// <summary>Shards move to a node that comes while the run goes on.</summary>
    [SkippableFact]
    public async Task Run_NodeJoins_TakesAgentsAndGivesTheSame()
    {
        RequirePostgres();
        string experiment = Experiment("samaroh-2l", 120, "memory { deltas = [0.05], size = 8 }");
        string alone = await RunAloneAsync(experiment);
        await StartAsync(2);
        AgentPlace[] agents = [];
        Observer observer = new Observer()
            .After(10, async () => agents = await AskAsync<AgentPlace[]>("agents"))
            .After(20, () => StartNodeAsync("late", Nodes[0]));
        RunResult run = await RunOnClusterAsync(experiment, "cluster", observer);
        await observer.Done;
        ShouldBeUndisturbed(run, alone);
        // Whoever asks any node hears where all agents live.
        agents.Select(agent => agent.Id[(agent.Id.LastIndexOf('/') + 1)..]).ShouldBe(["0", "1", "2", "3", "4", "5", "6", "7"]);
        agents.Select(agent => agent.Node).Distinct().Order().ShouldBe(Nodes.Take(2).Select(node => node.Address).Order());
        await ToldAsync($"{Nodes[2].Address} has come");
    }

    /// <summary>A node of another cluster on the same database takes the runs and goes: this one gets them back, and plays on.</summary>
    [SkippableFact]
    public async Task Run_IsTakenByAnotherClusterThatGoes_IsUndisturbed()
    {
        RequirePostgres();
        string experiment = Experiment("samaroh", 120);
        await StartNodeAsync("node", null);
        Observer observer = new Observer().After(20, async () =>
        {
            await using RunStore other = await RunStore.OpenAsync(new ClusterDatabase(Database, "the test"));
            await other.TakeTermAsync(TimeSpan.Zero);
        });
        RunResult run = await RunOnClusterAsync(experiment, "cluster", observer);
        await observer.Done;
        ShouldBeUndisturbed(run, await RunAloneAsync(experiment));
        (await LoggedAsync("node", "Term 1 of this node is over")).ShouldHaveSingleItem();
        (await LoggedAsync("node", "This node holds the cluster's runs, in term 3")).ShouldHaveSingleItem();
    }

    /// <summary>Waits until the stored timeline has a sentence.</summary>
    private async Task ToldAsync(string sentence)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        ClusterMoment[] timeline = [];
        for (int looks = 0; !timeline.Any(moment => moment.Line.Contains(sentence, StringComparison.Ordinal)); looks++)
        {
            looks.ShouldBeLessThan(MaxLooks, $"'{sentence}' is not told:\n{string.Join('\n', timeline.Select(moment => moment.Line))}");
            await timer.WaitForNextTickAsync(Deadline);
            timeline = await AskAsync<ClusterMoment[]>("timeline");
        }
        timeline.Select(moment => moment.Number).ShouldBeInOrder(SortDirection.Descending);
    }

    private async Task<T> AskAsync<T>(string what)
        where T : class => (await Http.GetFromJsonAsync<T>(
        $"{Nodes[0].HttpAddress}/{what}", System.Text.Json.JsonSerializerOptions.Web, Deadline)).ShouldNotBeNull();

    /// <summary>Who balances must hear of it while the node still hands over what it holds.</summary>
    [SkippableFact]
    public async Task Node_Leaves_IsReadyNoLongerAndAlive()
    {
        RequirePostgres();
        ClusterNode node = await StartNodeAsync("node", null);
        await MembersShouldBeUpAsync(node, 1);
        (HttpStatusCode Ready, HttpStatusCode Live) meanwhile = default;
        CoordinatedShutdown.Get(node.System).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "look", async () =>
        {
            meanwhile = (await HealthAsync(node, "ready"), await HealthAsync(node, "live"));
            return Done.Instance;
        });
        using CancellationTokenSource leave = new();
        await leave.CancelAsync();
        (await node.RunAsync(leave.Token)).ShouldBeNull();
        meanwhile.ShouldBe((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK));
    }

    /// <summary>A node without its journal is given nothing new, and is no reason to end it.</summary>
    [SkippableFact]
    public async Task Node_WithoutItsDatabase_IsReadyNoLongerAndAlive()
    {
        RequirePostgres();
        ClusterNode node = await StartNodeAsync("node", null);
        await ReadyShouldBeAsync(node, "ok");
        Postgres.Stop();
        await ReadyShouldBeAsync(node, "no: the journal cannot be reached");
        (await HealthAsync(node, "live")).ShouldBe(HttpStatusCode.OK);
        Postgres.StartAgain();
        await ReadyShouldBeAsync(node, "ok");
    }

    /// <summary>All runs of the cluster stand still then, and nobody else would say so.</summary>
    [SkippableFact]
    public async Task Readiness_OfAHolderWithoutWhatPlaysTheRuns_IsNo()
    {
        RequirePostgres();
        ClusterNode node = await StartNodeAsync("node", null);
        await ReadyShouldBeAsync(node, "ok");
        node.System.ActorSelection("/user/runs").Tell(PoisonPill.Instance);
        await ReadyShouldBeAsync(node, "no: this node is to hold the runs, and what plays them is not there");
        (await HealthAsync(node, "live")).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Runs would wait without end for the agents that it hosts.</summary>
    [SkippableTheory]
    [InlineData("relay")]
    [InlineData("policies")]
    public async Task Node_LosesWhatItsAgentsNeed_Ends(string actor)
    {
        RequirePostgres();
        ClusterNode node = await StartNodeAsync("node", null);
        await ReadyShouldBeAsync(node, "ok");
        node.System.ActorSelection($"/user/{actor}").Tell(PoisonPill.Instance);
        (await node.RunAsync(Deadline).WaitAsync(TimeSpan.FromMinutes(1)))
            .ShouldBe($"the {actor} actor of this node has ended, see its log; start the node again");
    }

    private IEnumerable<(string Experiment, string[] Files)> Plays()
    {
        foreach (string more in new[]
        {
            "method = static, game { static { schedule = ring } }",
            "method = static, game { static { schedule = poisson, latency = 0.1 } }",
            "method = static, game { static { schedule = simultaneous, share = 0.2 } }",
            "method = dynamic, game { dynamic { arrivals = all-in-turn } }",
        })
        {
            yield return (ExperimentFile($"family = game, {more}, game.setting = 1"), [RunFolder.RoundsFile]);
        }
        yield return (
            ExperimentFile("""
                family = datacenter, method = compare
                datacenter {
                  servers.workers = [1, 1, 2], load-balancers = 2, policies = [sed, srt, prequal], baseline = sed, repetitions = 1
                  traffic.duration = 2s, actors = on
                }
                """),
            [RunFolder.PoliciesFile, RunFolder.TimelineFile]);
        foreach (string method in new[] { "distr-lb", "rlb-sac", "qmix-lb", "centr-lb" })
        {
            yield return (LearningExperiment(method), [RunFolder.PoliciesFile, RunFolder.EpisodesFile]);
        }
    }

    private async Task<HttpStatusCode> HealthAsync(ClusterNode node, string what) =>
        (await Http.GetAsync($"{node.HttpAddress}/health/{what}", Deadline)).StatusCode;

    private async Task StartAsync(int count)
    {
        for (int n = 1; n <= count; n++)
        {
            await StartNodeAsync($"node-{n}", Nodes.FirstOrDefault(), "", $"node.nodes-to-begin={count}");
        }
    }
}
