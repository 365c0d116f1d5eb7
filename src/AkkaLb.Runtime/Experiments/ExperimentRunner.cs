using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Game;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments;

/// <summary>The outcome of a run or of a grid: its summary and where everything else of it lies.</summary>
public sealed record RunResult(ResultSummary Summary, string RunFolder)
{
    /// <summary>Of a network run: the episodes that it need not play again if it was stopped, those up to its last policy update.</summary>
    public int? KeptEpisodes { get; init; }

    /// <summary>Of a network run: what it minimised, as configured in <c>network.objective</c>; null for other runs.</summary>
    public string? Objective { get; init; }
}

/// <summary>Runs experiments of any family, and grids of them, on local actors or batched, into a run folder.</summary>
public static class ExperimentRunner
{
    internal const string Network = "network", Game = "game", DataCenter = "datacenter";

    /// <summary>Runs an experiment from its start.</summary>
    /// <param name="cancellation">Ends the run after what is in flight; the result's status is then <c>stopped</c>.</param>
    /// <exception cref="OperationCanceledException">
    /// Cancelled before the run began, while a network's flows were made; nothing was written.
    /// </exception>
    /// <exception cref="InvalidInputException">The source, an override or the output folder is not valid; nothing was written.</exception>
    /// <exception cref="RunFailedException">The run began and cannot go on; what it has done is kept.</exception>
    public static Task<RunResult> RunAsync(ExperimentRequest request, IRunObserver observer, CancellationToken cancellation) =>
        Task.Run(() => StartAsync(request, observer, cancellation), CancellationToken.None);

    /// <summary>Continues a run folder after a stop; a finished run is left as it is and its result returned.</summary>
    /// <inheritdoc cref="RunAsync"/>
    /// <exception cref="InvalidInputException">The folder is not a run folder, or its checkpoint is damaged.</exception>
    public static Task<RunResult> ResumeAsync(string runFolder, IRunObserver observer, CancellationToken cancellation) =>
        ResumeAsync(runFolder, [], observer, cancellation);

    /// <inheritdoc cref="ResumeAsync(string, IRunObserver, CancellationToken)"/>
    /// <param name="overrides">
    /// <c>key=value</c> pairs of the section learning: a run can go on with another backend. Not for a grid.
    /// </param>
    /// <exception cref="InvalidInputException">Also where an override is of another key.</exception>
    public static Task<RunResult> ResumeAsync(
        string runFolder, IReadOnlyList<string> overrides, IRunObserver observer, CancellationToken cancellation) =>
        Task.Run(() => ContinueAsync(runFolder, overrides, observer, cancellation), CancellationToken.None);

    /// <summary>Plays a run again from its start, in a folder that has its inputs and its journal, which is compared.</summary>
    /// <inheritdoc cref="ResumeAsync(string, IRunObserver, CancellationToken)"/>
    internal static Task<RunResult> ReplayAsync(string runFolder, IRunObserver observer, CancellationToken cancellation) => Task.Run(
        () => ContinueAsync(RunFolder.Open(runFolder), RunPath.Actors, observer, cancellation, fromStart: true), CancellationToken.None);

    /// <summary>Goes on with a run whose agents live on a cluster.</summary>
    /// <inheritdoc cref="ContinueAsync(RunFolder, RunPath, IRunObserver, CancellationToken, IReadOnlyList{string}?, bool, ClusterPlay?)"/>
    internal static Task<RunResult> PlayOnClusterAsync(
        RunFolder folder, IReadOnlyList<string> overrides, IRunObserver observer, ClusterPlay cluster, CancellationToken cancellation) =>
        ContinueAsync(folder, RunPath.Actors, observer, cancellation, overrides, cluster: cluster);

    private static async Task<RunResult> StartAsync(ExperimentRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        ExperimentSource source = ExperimentSource.Load(request);
        Config config = source.Resolved;
        await ActorSystemComposition.CheckAsync(
            config, source.Overrides.HasPath(ConfigurationLoader.EngineSection) ? $"{source.File} with --set" : source.File);
        if (GridDefinition.IsGrid(config))
        {
            return await GridRunner.StartAsync(source, request, observer, cancellation);
        }
        string file = source.File, baseFolder = source.BaseFolder;
        return Family(config, file) switch
        {
            Game => await GameRun.StartAsync(GameExperimentReader.Read(config, file, baseFolder), request, observer, cancellation),
            DataCenter => await DataCenterRun.StartAsync(
                DataCenterExperimentReader.Read(config, file, baseFolder), request, observer, cancellation),
            _ => await NetworkRun.StartAsync(
                await ReadAsync(() => NetworkExperimentReader.Read(config, file, baseFolder, cancellation), cancellation),
                request, observer, cancellation),
        };
    }

    private static Task<RunResult> ContinueAsync(
        string path, IReadOnlyList<string> overrides, IRunObserver observer, CancellationToken cancellation)
    {
        bool grid = GridFolder.IsGrid(path);
        if (overrides.FirstOrDefault(pair => grid || !pair.StartsWith("learning.", StringComparison.Ordinal)) is { } other)
        {
            throw new InvalidInputException(
                $"--set {other}: expected a key of the section learning, and of a single run; everything else of a run stays as it began");
        }
        if (grid)
        {
            return GridRunner.ContinueAsync(path, observer, cancellation);
        }
        RunFolder folder = RunFolder.Open(path);
        if (File.Exists(folder[RunFolder.HandedInFile]))
        {
            throw new InvalidInputException(
                $"{path}: expected a run that is played here; a cluster plays it as '{File.ReadAllText(folder[RunFolder.HandedInFile])}': "
                + $"--cluster NODE.conf follows and fetches it; without its file '{RunFolder.HandedInFile}' it is played here");
        }
        return ContinueAsync(folder, RunPath.Actors, observer, cancellation, overrides);
    }

    /// <param name="freshPath">Who plays the episodes of a run that has no checkpoint yet.</param>
    /// <param name="fromStart">Whether all is played again, though the journal knows more.</param>
    /// <param name="cluster">What its agents live on; null: this process.</param>
    internal static async Task<RunResult> ContinueAsync(
        RunFolder folder, RunPath freshPath, IRunObserver observer, CancellationToken cancellation, IReadOnlyList<string>? overrides = null,
        bool fromStart = false, ClusterPlay? cluster = null)
    {
        using IDisposable guard = folder.Lock();
        observer.FolderReady(folder.FullPath);
        string file = folder[RunFolder.ConfigurationFile];
        Config config = ConfigurationLoader.Load(file, overrides ?? []);
        string path = folder.FullPath;
        return Family(config, file) switch
        {
            Game => await GameRun.ContinueAsync(GameExperimentReader.Read(config, file, path), folder, observer, cluster, cancellation),
            DataCenter => await DataCenterRun.ContinueAsync(
                DataCenterExperimentReader.Read(config, file, path), folder, observer, cluster, cancellation),
            _ => await NetworkRun.ContinueAsync(config, file, folder, freshPath, fromStart, observer, cluster, cancellation),
        };
    }

    /// <summary>The family of an experiment, as configured.</summary>
    internal static string Family(Config config, string source)
    {
        SectionReader reader = new(config, source);
        string family = reader.Choice("akkalb.family", (Network, Network), (Game, Game), (DataCenter, DataCenter));
        // Of all families, and asked for when there is something to write.
        reader.Switch("akkalb.tensorboard");
        reader.ThrowIfInvalid();
        return family;
    }

    /// <summary>Reads and checks an experiment of any family: the files from which its run folder can be continued, by name.</summary>
    /// <param name="path">Who is to play it.</param>
    /// <exception cref="InvalidInputException">A value is out of its range, or a file is not as expected.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static IReadOnlyDictionary<string, string> Inputs(
        Config config, string source, string baseFolder, RunPath path, CancellationToken cancellation = default) =>
        Family(config, source) switch
        {
            Game => GameRun.Inputs(GameExperimentReader.Read(config, source, baseFolder)),
            DataCenter => DataCenterRun.Inputs(DataCenterExperimentReader.Read(config, source, baseFolder)),
            _ => NetworkRun.Inputs(NetworkExperimentReader.ReadTraining(config, source, baseFolder, cancellation), path, source),
        };

    /// <summary>
    /// Reads an experiment, as a run cannot be stopped and kept before there is one. Not all of it can be told to stop: what goes on then
    /// is left to the end of the process.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    private static Task<T> ReadAsync<T>(Func<T> read, CancellationToken cancellation) =>
        Task.Run(read, CancellationToken.None).WaitAsync(cancellation);
}
