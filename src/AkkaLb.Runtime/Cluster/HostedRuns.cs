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

    // Whoever reads a run writes its files first, and to the same places.
    private readonly SemaphoreSlim _writing = new(1);

    // Whose members this node has begun last, as many runs as are played at once: of each there are many members.
    private readonly List<(string Run, Task<PlayRun> Play)> _plays = [];

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
            int known = _plays.FindIndex(play => play.Run == run && !play.Play.IsFaulted);
            if (known >= 0)
            {
                return _plays[known].Play;
            }
            _plays.RemoveAll(play => play.Run == run);
            _plays.Add((run, Task.Run(() => LoadPlayAsync(run))));
            _plays.RemoveRange(0, Math.Max(0, _plays.Count - options.Runs));
            return _plays[^1].Play;
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
        await _writing.WaitAsync();
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
        finally
        {
            _writing.Release();
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
