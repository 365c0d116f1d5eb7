using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Agents.Plays;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Hocon;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Cluster;

/// <summary>Reads runs of a cluster's database, for a node that hosts agents of them.</summary>
/// <param name="folder">For working files.</param>
internal sealed class HostedRuns(RunStore store, NodeOptions options, string folder) : ILinkAgentRuns, IPlayRuns
{
    /// <summary>The folder of runs' inputs among a node's working files.</summary>
    public const string Inputs = "inputs";

    private readonly Lock _gate = new();

    // The run whose members this node has begun last: there are many of them.
    private (string Run, Task<PlayRun> Play)? _last;

    public Task<LinkAgentRun> LoadAsync(string run) => Task.Run(async () =>
    {
        (Config config, string file, RunFolder files) = await FetchAsync(run);
        (NetworkModel model, ulong seed) = NetworkExperimentReader.ReadModel(config, file, files.FullPath);
        return new LinkAgentRun(model, model.Options.InitialWeights(model.Topology), seed, Journal(config, file, files));
    });

    Task<PlayRun> IPlayRuns.LoadAsync(string run)
    {
        lock (_gate)
        {
            if (_last?.Run != run || _last.Value.Play.IsFaulted)
            {
                _last = (run, Task.Run(() => LoadPlayAsync(run)));
            }
            return _last.Value.Play;
        }
    }

    /// <summary>On a cluster a run stores in the cluster's database, wherever it was submitted.</summary>
    public static string[] JournalKeys(string run, NodeOptions options) =>
    [
        "journal.provider=postgresql", $"journal.connection={Quote(options.Database)}", $"journal.run={Quote(run)}",
    ];

    private async Task<PlayRun> LoadPlayAsync(string run)
    {
        (Config config, string file, RunFolder files) = await FetchAsync(run);
        AgentJournal? journal = Journal(config, file, files);
        switch (ExperimentRunner.Family(config, file))
        {
            case ExperimentRunner.Network:
                return new PlayRun(NetworkExperimentReader.ReadModel(config, file, files.FullPath).Model, null, null, journal);
            case ExperimentRunner.DataCenter:
                DataCenterExperiment experiment = DataCenterExperimentReader.Read(config, file, files.FullPath);
                return new PlayRun(null, experiment.Model, experiment.Learning?.ForBalancers(experiment), journal);
            default:
                return new PlayRun(null, null, null, journal);
        }
    }

    private async Task<(Config Config, string File, RunFolder Files)> FetchAsync(string run)
    {
        RunFolder files = RunFolder.At(Path.Combine(folder, Inputs, run));
        try
        {
            if (await store.FetchAsync(run, files, withCheckpoint: false) == 0)
            {
                throw new CannotHostException(
                    $"{options.Store.Key}: expected the database of the other nodes, found one without the run '{run}'");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotHostException($"the run cannot be kept in {files.FullPath}: {e.Message}", e);
        }
        string file = files[RunFolder.ConfigurationFile];
        // Agents decide by the kernels, whatever their learner uses.
        string[] keys = [.. JournalKeys(run, options), "learning.backend=native", "learning.device=cpu"];
        return (ConfigurationLoader.Load(file, keys), file, files);
    }

    private static AgentJournal? Journal(Config config, string file, RunFolder files) =>
        JournalLocation.Read(config, file, files) is { } journal
            ? new AgentJournal(journal.Prefix, journal.SnapshotEvery, e => JournalDatabase.Describe(e, journal), _ => { })
            {
                OutlivesOutages = true,
            }
            : null;

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
