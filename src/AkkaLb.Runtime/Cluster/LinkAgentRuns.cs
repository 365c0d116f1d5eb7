using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Cluster;

/// <summary>Reads runs of a cluster's database, for a node that hosts agents of them.</summary>
/// <param name="folder">For working files.</param>
internal sealed class LinkAgentRuns(RunStore store, NodeOptions options, string folder) : ILinkAgentRuns
{
    public Task<LinkAgentRun> LoadAsync(string run) => Task.Run(async () =>
    {
        RunFolder files = RunFolder.At(Path.Combine(folder, "inputs", run));
        await store.FetchAsync(run, files, withCheckpoint: false);
        string file = files[RunFolder.ConfigurationFile];
        Config config = ConfigurationLoader.Load(file, JournalKeys(run, options));
        NetworkExperiment experiment = NetworkExperimentReader.Read(config, file, files.FullPath);
        JournalLocation? journal = JournalLocation.Read(config, file, files);
        AgentJournal? agents = journal is null
            ? null
            : new AgentJournal(journal.Prefix, journal.SnapshotEvery, e => JournalDatabase.Describe(e, journal), _ => { })
            {
                OutlivesOutages = true,
            };
        return new LinkAgentRun(experiment.Model, [.. experiment.Scenarios.Of(0).InitialWeights], experiment.Seed, agents);
    });

    /// <summary>On a cluster a run stores in the cluster's database, wherever it was submitted.</summary>
    public static string[] JournalKeys(string run, NodeOptions options) =>
    [
        "journal.provider=postgresql", $"journal.connection={Quote(options.Database)}", $"journal.run={Quote(run)}",
    ];

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
