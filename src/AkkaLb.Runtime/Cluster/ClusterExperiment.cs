using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Cluster;

/// <summary>An experiment that was read and checked, to be handed in to a cluster.</summary>
public sealed class ClusterExperiment
{
    // Events lie in the cluster's database while the run goes on, and in the run folder afterwards, as those of a run of one process.
    private static readonly Config JournalOfItsOwn =
        Config.Parse("akkalb.journal { provider = sqlite, connection = \"\", run = \"\" }");

    private ClusterExperiment(string name, Config resolved, string? outputFolder, IReadOnlyDictionary<string, string> files) =>
        (Name, Resolved, OutputFolder, Files) = (name, resolved, outputFolder, files);

    public string Name { get; }

    internal Config Resolved { get; }

    /// <summary>The user's choice; null for a fresh one.</summary>
    internal string? OutputFolder { get; }

    /// <summary>All that a node needs to play it, by name.</summary>
    internal IReadOnlyDictionary<string, string> Files { get; }

    /// <exception cref="InvalidInputException">A file or a key is not valid, or the experiment is none for a cluster.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<ClusterExperiment> ReadAsync(ExperimentRequest request, CancellationToken cancellation)
    {
        ExperimentSource source = ExperimentSource.Load(request);
        if (request.OutputFolder is { } output)
        {
            RunFolder.ThrowIfUsed(output);
        }
        if (GridDefinition.IsGrid(source.Resolved))
        {
            throw new InvalidInputException($"{request.Source}: expected an experiment to run on a cluster, found a grid");
        }
        if (source.Resolved.GetString("akkalb.network.policy", "").Length > 0)
        {
            throw new InvalidInputException(
                $"{source.File}: 'akkalb.network.policy': expected nothing for a run on a cluster, whose agents learn");
        }
        if (source.Resolved.GetValue(ConfigurationLoader.EngineSection) is not null)
        {
            throw new InvalidInputException(
                $"{source.File}: 'akka': expected none for a run on a cluster: the actor systems are the nodes', whose files have it");
        }
        Config resolved = JournalOfItsOwn.WithFallback(source.Resolved);
        // Reading flows cannot be told to stop: what goes on then is left to the end of the process.
        IReadOnlyDictionary<string, string> files = await Task.Run(
            () => ExperimentRunner.Inputs(resolved, source.File, source.BaseFolder, RunPath.Actors, cancellation),
                CancellationToken.None)
            .WaitAsync(cancellation);
        return new ClusterExperiment(source.Name, resolved, request.OutputFolder, files);
    }
}
