using System.Net;
using Akka;
using Akka.Actor;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Cluster.Tests;

/// <summary>Three nodes in one process, over real remoting and a real PostgreSQL.</summary>
public sealed class InProcessClusterTests : InProcessTest
{
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
            ClusterFigures figures = ((NetworkSummary)run.Summary).Cluster.ShouldNotBeNull();
            (figures.Nodes, figures.RepeatedEpisodes).ShouldBe((3, 0));
            figures.FramesSent.ShouldBeGreaterThan(0);
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
        Observer observer = new Observer().After(20, () => StartNodeAsync("late", Nodes[0]));
        RunResult run = await RunOnClusterAsync(experiment, "cluster", observer);
        await observer.Done;
        ShouldBeUndisturbed(run, alone);
    }

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
