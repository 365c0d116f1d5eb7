using System.Text.Json;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;
using Npgsql;
using Xunit.Abstractions;

namespace AkkaLb.Cluster.Tests;

/// <summary>Nodes that die, stop for a while, leave and come.</summary>
public sealed class KilledNodeTests(ITestOutputHelper output) : FaultTest(output)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private const string Memory = "memory { deltas = [0.05], size = 8 }";

    /// <summary>Memories are recovered from the journal on other nodes.</summary>
    [SkippableFact]
    public Task AgentsNode_IsKilled_RunIsUndisturbed() => ShouldSurviveAsync(
        3, "samaroh-2l", 60, at: 25, async () => Signal(await NodeAsync(holdsRun: false), "KILL"), Memory);

    [SkippableFact]
    public Task HoldingNode_IsKilled_RunIsUndisturbed() => ShouldSurviveAsync(
        3, "samaroh", 60, at: 25, async () => Signal(await NodeAsync(holdsRun: true), "KILL"));

    /// <summary>The only seed, which holds the run, comes back before the others have noticed that it died: it joins them.</summary>
    [SkippableFact]
    public Task Seed_IsKilledAndStartedAtOnce_JoinsTheOthers() => ShouldSurviveAsync(3, "samaroh", 200, at: 25, async () =>
    {
        LocalNode seed = Nodes.Nodes[0];
        seed.Address.ShouldBe((await NodeAsync(holdsRun: true)).Address);
        Signal(seed, "KILL");
        seed = await Nodes.StartAgainAsync(seed, [seed], Deadline);
        await OneClusterAsync(3);
        (await NodeAsync(holdsRun: true)).Address.ShouldNotBe(seed.Address);
    });

    [SkippableFact]
    public Task BothSeeds_AreKilledAndStartedAtOnce_JoinTheThird()
    {
        RequireAll();
        return ShouldSurviveAsync(3, "samaroh", 200, at: 25, async () =>
        {
            LocalNode[] seeds = [.. Nodes.Nodes.Take(2)];
            await StartAgainAsync(seeds, seeds);
            (await NodeAsync(holdsRun: true)).Address.ShouldBe(Nodes.Nodes[2].Address);
        });
    }

    /// <summary>Nobody lives who could let them in: after a while their seed begins the cluster anew, and the run goes on.</summary>
    [SkippableFact]
    public Task AllNodes_AreKilledAndStarted_GoOn()
    {
        RequireAll();
        return ShouldSurviveAsync(3, "samaroh", 200, at: 25, () => StartAgainAsync(Nodes.Nodes, [Nodes.Nodes[0]]));
    }

    private async Task StartAgainAsync(IReadOnlyList<LocalNode> nodes, IReadOnlyList<LocalNode> seeds)
    {
        foreach (LocalNode node in nodes)
        {
            Signal(node, "KILL");
        }
        await Task.WhenAll(nodes.Select(node => Nodes.StartAgainAsync(node, seeds, Deadline)));
        await OneClusterAsync(3);
    }

    /// <summary>When it wakes, others hold what it held: it must not write or act.</summary>
    [SkippableFact]
    public Task HoldingNode_StopsAndWakes_IsFencedAndEnds()
    {
        RequireAll();
        return ShouldSurviveAsync(3, "samaroh-2l", 200, at: 25, async () =>
        {
            LocalNode zombie = await NodeAsync(holdsRun: true);
            Signal(zombie, "STOP");
            await PassAsync(TimeSpan.FromSeconds(7));
            Signal(zombie, "CONT");
        }, Memory);
    }

    /// <summary>A game whose players are on all nodes is played again with those that are left.</summary>
    [SkippableFact]
    public Task PlayersNode_IsKilled_GameIsUndisturbed()
    {
        RequireAll();
        return PlayShouldSurviveAsync(
            () => ExperimentFile("family = game, method = static, game { setting = 1, static { schedule = ring, share = 0.002 } }"),
            RunFolder.RoundsFile);
    }

    /// <summary>An episode whose load balancers are on all nodes is played again by those that are left, and learnt from once.</summary>
    [SkippableFact]
    public Task LearningBalancersNode_IsKilled_LearningIsUndisturbed()
    {
        RequireAll();
        return PlayShouldSurviveAsync(() => LearningExperiment("distr-lb", 12), RunFolder.EpisodesFile, RunFolder.PoliciesFile);
    }

    /// <summary>The node that takes the run over goes on from the last checkpoint, with journals that know of what came after it.</summary>
    [SkippableFact]
    public Task LearningBalancersHoldingNode_IsKilled_LearningGoesOnFromItsCheckpoint()
    {
        RequirePostgres();
        string experiment = LearningExperiment("distr-lb", 60);
        return OnNodesAsync(3, [], async () =>
        {
            bool goesOn = false;
            Observer observer = new Observer().AfterNotice("60 episodes (from ", () => Task.FromResult(goesOn = true));
            Task<RunResult> running = RunOnClusterAsync(experiment, "cluster", observer);
            (await CheckpointAsync(running)).ShouldBeLessThan(60);
            Signal(await NodeAsync(holdsRun: true), "KILL");
            RunResult run = await running;
            await observer.Done;
            goesOn.ShouldBeTrue();
            ShouldBeUndisturbed(run, await RunAloneAsync(experiment), RunFolder.EpisodesFile, RunFolder.PoliciesFile);
        });
    }

    /// <summary>Agents that act without a global step recover from their journals on the nodes that are left.</summary>
    [SkippableFact]
    public Task AsynchronousAgentsNode_IsKilled_RunIsUndisturbed()
    {
        RequireAll();
        RequirePostgres();
        string experiment = AsynchronousExperiment("samaroh-2l", "4s", Memory);
        return OnNodesAsync(3, [], async () =>
        {
            Observer observer = new Observer().AfterNotice("asynchronous, from", async () =>
            {
                await PassAsync(TimeSpan.FromSeconds(2));
                Signal(await NodeAsync(holdsRun: false), "KILL");
            });
            RunResult run = await RunOnClusterAsync(experiment, "cluster", observer);
            await observer.Done;
            ShouldBeUndisturbed(run, await RunAloneAsync(experiment), RunFolder.EpisodesFile, RunFolder.TimelineFile);
            ((RunSummary)run.Summary).Cluster.ShouldNotBeNull().Nodes.ShouldBe(2);
        });
    }

    /// <summary>Ends when there is a checkpoint of the only run, whose load balancers learn, in the database.</summary>
    /// <returns>The episodes that it has learnt from.</returns>
    private async Task<int> CheckpointAsync(Task<RunResult> running)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(Database);
        await using NpgsqlCommand command = database.CreateCommand(
            $"SELECT content FROM akkalb_run_file WHERE name = '{RunFolder.CheckpointFolder}/run.json'");
        using PeriodicTimer timer = new(Look / 4);
        while (await timer.WaitForNextTickAsync(Deadline))
        {
            running.IsFaulted.ShouldBeFalse(running.Exception?.Message);
            if (await command.ExecuteScalarAsync(Deadline) is byte[] state)
            {
                return JsonDocument.Parse(state).RootElement.GetProperty("episodes").GetInt32();
            }
        }
        return 0;
    }

    private Task PlayShouldSurviveAsync(Func<string> file, params string[] files)
    {
        RequirePostgres();
        string experiment = file();
        return OnNodesAsync(3, [], async () =>
        {
            Task<RunResult> running = RunOnClusterAsync(experiment, "cluster", new Observer());
            while ((await Nodes.StatusAsync(Deadline))?.Agents.ByNode.Values.Count(agents => agents > 0) is not 3)
            {
                running.IsCompleted.ShouldBeFalse("the play was over before all nodes had members");
                await PassAsync(Look);
            }
            Signal(await NodeAsync(holdsRun: false), "KILL");
            RunResult run = await running;
            ShouldBeUndisturbed(run, await RunAloneAsync(experiment), files);
            ((RunSummary)run.Summary).Cluster.ShouldNotBeNull().Nodes.ShouldBe(2);
        });
    }

    [SkippableFact]
    public Task OfTwoNodes_TheFirstIsKilled_TheOtherGoesOn()
    {
        RequireAll();
        return ShouldSurviveAsync(2, "samaroh", 60, at: 25, async () => Signal(await NodeAsync(holdsRun: true), "KILL"));
    }

    [SkippableFact]
    public Task OfTwoNodes_TheSecondIsKilled_TheOtherGoesOn()
    {
        RequireAll();
        return ShouldSurviveAsync(2, "samaroh", 60, at: 25, async () => Signal(await NodeAsync(holdsRun: false), "KILL"));
    }

    [SkippableFact]
    public Task TwoOfFiveNodes_AreKilled_RunIsUndisturbed()
    {
        RequireAll();
        return ShouldSurviveAsync(5, "samaroh-2l", 80, at: 25, async () =>
        {
            LocalNode holder = await NodeAsync(holdsRun: true), other = await NodeAsync(holdsRun: false);
            Signal(holder, "KILL");
            Signal(other, "KILL");
        }, Memory);
    }

    [SkippableFact]
    public Task AllNodes_AreRestartedOneByOne_RunIsUndisturbed()
    {
        RequireAll();
        return ShouldSurviveAsync(3, "samaroh-2l", 600, at: 25, async () =>
        {
            foreach (LocalNode node in Nodes.Nodes)
            {
                await Nodes.StartAnotherAsync(Deadline);
                await Nodes.WaitUntilReadyAsync(Deadline);
                (await Nodes.LeaveAsync(node.Number, Deadline)).ShouldBe(0);
            }
        }, Memory);
    }

    [SkippableFact]
    public Task Nodes_AreKilledTwentyTimes_RunIsUndisturbed()
    {
        RequireAll();
        Random random = new(Seed: 1);
        int kills = 0;
        return ShouldSurviveAsync(3, "samaroh-2l", 4000, at: 25, async () =>
        {
            for (; kills < 20; kills++)
            {
                LocalNode[] living = [.. Nodes.Nodes.Where(node => node.IsAlive)];
                Signal(living[random.Next(living.Length)], "KILL");
                await Nodes.StartAnotherAsync(Deadline);
                await PassAsync(TimeSpan.FromMilliseconds(random.Next(1000, 4000)));
                // The majority of three survives one death, not a second one before it has noticed the first.
                await WholeAsync(3);
            }
        }, Memory);
    }

    /// <summary>Waits until all nodes may be given work and each knows the others, so that none has a cluster of its own.</summary>
    private async Task OneClusterAsync(int nodes)
    {
        await Nodes.WaitUntilReadyAsync(Deadline);
        foreach (LocalNode node in Nodes.Nodes)
        {
            ClusterStatus status = (await Nodes.StatusAsync(node, Deadline)).ShouldNotBeNull();
            status.Members.Count(member => member.Status == "Up").ShouldBe(nodes, node.Address);
        }
    }

    /// <summary>Waits until so many nodes are up and nobody waits for another.</summary>
    private async Task WholeAsync(int nodes)
    {
        while (await Nodes.StatusAsync(Deadline) is not { Unreachable.Count: 0 } status
            || status.Members.Count != nodes || status.Members.Any(member => member.Status != "Up"))
        {
            await PassAsync(Look);
        }
    }
}
