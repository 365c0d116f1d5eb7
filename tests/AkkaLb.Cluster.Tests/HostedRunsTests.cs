using AkkaLb.Agents.Plays.Members;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Cluster.Tests;

/// <summary>What a node reads of the runs that it hosts agents of.</summary>
public sealed class HostedRunsTests : ClusterTest
{
    /// <summary>Their members begin in any order where a cluster plays several runs at once.</summary>
    [SkippableFact]
    public async Task Load_RunsInTurns_AreReadWithoutGettingInEachOthersWay()
    {
        RequirePostgres();
        await using RunStore store = await RunStore.OpenAsync(new ClusterDatabase(Database, "the test"));
        ClusterExperiment experiment = await ClusterExperiment.ReadAsync(new ExperimentRequest(LearningExperiment("distr-lb")), Deadline);
        string[] names = ["first", "second", "third"];
        foreach (string name in names)
        {
            (await store.SubmitAsync(name, experiment.Files)).ShouldBeTrue();
        }
        IPlayRuns runs = new HostedRuns(store, NodeOptions.OfDefaults([], "the test") with { Database = Database }, Folder);
        PlayRun[] loaded = await Task.WhenAll(Enumerable.Range(0, 60).Select(member => runs.LoadAsync(names[member % names.Length])));
        loaded.ShouldAllBe(run => run.DataCenter != null && run.Learning != null);
    }
}
