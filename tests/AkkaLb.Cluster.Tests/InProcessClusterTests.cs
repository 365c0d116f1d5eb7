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
            (figures.Nodes, figures.RepeatedBlocks).ShouldBe((3, 0));
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

    private async Task StartAsync(int count)
    {
        for (int n = 1; n <= count; n++)
        {
            await StartNodeAsync($"node-{n}", Nodes.FirstOrDefault(), "", $"node.nodes-to-begin={count}");
        }
    }
}
