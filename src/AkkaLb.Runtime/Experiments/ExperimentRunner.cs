using Akka.Configuration;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Game;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using Serilog;
using Serilog.Core;

namespace AkkaLb.Runtime.Experiments;

/// <summary>The outcome of a run or of a grid: its summary and where everything else of it lies.</summary>
public sealed record RunResult(ResultSummary Summary, string RunFolder);

/// <summary>Runs experiments of any family, and grids of them, on local actors or batched, into a run folder.</summary>
public static class ExperimentRunner
{
    private const string Network = "network", Game = "game", DataCenter = "datacenter";

    /// <summary>Runs an experiment from its start.</summary>
    /// <param name="cancellation">Ends the run after what is in flight; the result's status is then <c>stopped</c>.</param>
    /// <exception cref="InvalidInputException">The source, an override or the output folder is not valid; nothing was written.</exception>
    /// <exception cref="RunFailedException">The run began and cannot go on; what it has done is kept.</exception>
    public static Task<RunResult> RunAsync(ExperimentRequest request, IRunObserver observer, CancellationToken cancellation) =>
        Task.Run(() => StartAsync(request, observer, cancellation), CancellationToken.None);

    /// <summary>Continues a run folder after a stop; a finished run is left as it is and its result returned.</summary>
    /// <inheritdoc cref="RunAsync"/>
    /// <exception cref="InvalidInputException">The folder is not a run folder, or its checkpoint is damaged.</exception>
    public static Task<RunResult> ResumeAsync(string runFolder, IRunObserver observer, CancellationToken cancellation) =>
        Task.Run(() => ContinueAsync(runFolder, observer, cancellation), CancellationToken.None);

    private static async Task<RunResult> StartAsync(ExperimentRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        ExperimentSource source = ExperimentSource.Load(request);
        Config config = source.Resolved;
        if (GridDefinition.IsGrid(config))
        {
            return await GridRunner.StartAsync(source, request, observer, cancellation);
        }
        switch (Family(config, source.File))
        {
            case Game:
                return await GameRun.StartAsync(GameExperimentReader.Read(config, source.File, source.BaseFolder), request, observer, cancellation);
            case DataCenter:
                return await DataCenterRun.StartAsync(DataCenterExperimentReader.Read(config, source.File, source.BaseFolder), request, observer, cancellation);
            default:
                break;
        }
        NetworkExperiment experiment = NetworkExperimentReader.Read(config, source.File, source.BaseFolder);
        RunFolder folder = RunFolder.Create(
            request.OutputFolder,
            experiment.Resolved.GetString("akkalb.runs", "runs"),
            $"{experiment.Name}-{experiment.Method}-seed{experiment.Seed}");
        using IDisposable guard = folder.Lock();
        if (experiment.Asynchronous?.PolicyFile is { } policy)
        {
            folder.Write(RunFolder.PolicyFile, stream => stream.Write(File.ReadAllBytes(policy)));
            if (experiment.Asynchronous.Experience is { } experience)
            {
                folder.Write(RunFolder.PolicyMemoryFile, experience.WriteMark);
            }
        }
        folder.Write(Inputs(experiment));
        observer.Started(Plan(experiment, request.Path, folder, 0));
        (RunBaselines baselines, RunTraffic traffic) = NetworkBaselines.Compute(experiment, observer, cancellation);
        RunState state = new(0, 0, double.PositiveInfinity, [], baselines, traffic, request.Path);
        using PpoLearner learner = new(experiment.Model, experiment.Seed, experiment.Threads, experiment.Scenarios);
        return await PlayAsync(experiment, folder, learner, state, [], isNew: true, observer, cancellation);
    }

    private static Task<RunResult> ContinueAsync(string path, IRunObserver observer, CancellationToken cancellation) =>
        GridFolder.IsGrid(path)
            ? GridRunner.ContinueAsync(path, observer, cancellation)
            : ContinueAsync(RunFolder.Open(path), RunPath.Actors, observer, cancellation);

    /// <param name="freshPath">Who plays the episodes of a run that has no checkpoint yet.</param>
    internal static async Task<RunResult> ContinueAsync(RunFolder folder, RunPath freshPath, IRunObserver observer, CancellationToken cancellation)
    {
        using IDisposable guard = folder.Lock();
        string file = folder[RunFolder.ConfigurationFile];
        Config config = ConfigurationLoader.Load(file, []);
        switch (Family(config, file))
        {
            case Game:
                return await GameRun.ContinueAsync(GameExperimentReader.Read(config, file, folder.FullPath), folder, observer, cancellation);
            case DataCenter:
                return await DataCenterRun.ContinueAsync(DataCenterExperimentReader.Read(config, file, folder.FullPath), folder, observer, cancellation);
            default:
                break;
        }
        if (RunSummary.Read<NetworkSummary>(folder) is { Status: RunSummary.Finished } finished)
        {
            observer.Notice($"{folder.FullPath}: the run is finished, there is nothing to resume");
            return new RunResult(finished, folder.FullPath);
        }
        NetworkExperiment experiment = NetworkExperimentReader.Read(config, file, folder.FullPath);
        using PpoLearner learner = new(experiment.Model, experiment.Seed, experiment.Threads, experiment.Scenarios);
        RunState? state = NetworkCheckpoint.Restore(folder, learner);
        observer.Started(Plan(experiment, state?.Path ?? freshPath, folder, state?.Episodes ?? 0));
        if (state is null)
        {
            if (File.Exists(folder[RunFolder.EpisodesFile]))
            {
                observer.Notice($"{folder.FullPath}: stopped before its first policy update, so it starts anew");
            }
            (RunBaselines baselines, RunTraffic traffic) = NetworkBaselines.Compute(experiment, observer, cancellation);
            state = new RunState(0, 0, double.PositiveInfinity, [], baselines, traffic, freshPath);
        }
        else
        {
            observer.BaselinesFound(state.Baselines);
        }
        IReadOnlyList<EpisodeReport> episodes = state.Episodes == 0 ? [] : EpisodeLog.Read(folder[RunFolder.EpisodesFile], state.Episodes);
        return await PlayAsync(experiment, folder, learner, state, episodes, isNew: false, observer, cancellation);
    }

    private static async Task<RunResult> PlayAsync(
        NetworkExperiment experiment, RunFolder folder, PpoLearner learner, RunState state, IReadOnlyList<EpisodeReport> episodes, bool isNew,
        IRunObserver observer, CancellationToken cancellation)
    {
        using Logger log = OpenLog(folder);
        await using RunJournal? journal = await RunJournal.OpenAsync(experiment.Resolved, folder[RunFolder.ConfigurationFile], folder, isNew, fromStart: state.Episodes == 0, log);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, journal?.Failed ?? CancellationToken.None);
        log.Information(
            "{Method} on {Name}, seed {Seed}: from episode {First} of {Episodes}, {Path}",
            experiment.Method, experiment.Name, experiment.Seed, state.Episodes, experiment.Model.Options.Episodes, state.Path);
        using RunRecorder recorder = new(experiment, learner, folder, state, episodes, observer, TimeProvider.System) { StopRun = stop.Cancel, Journal = journal };
        recorder.OpenJournal(isNew);
        try
        {
            // Stopped while it computed its baselines, a run must not keep what it has of them.
            if (experiment.Trains && !stop.IsCancellationRequested)
            {
                await (state.Path == RunPath.Actors
                    ? ActorRun.PlayAsync(experiment, learner, state.Episodes, recorder, journal, log, stop.Token)
                    : BatchedRun.PlayAsync(experiment, learner, recorder, stop.Token));
            }
            if (experiment.Asynchronous is { } play && recorder.IsTrained && !stop.IsCancellationRequested)
            {
                observer.Notice($"{experiment.Name}: asynchronous, from {play.Scenario.Start} to {play.Scenario.Until} ms of virtual time, on actors");
                recorder.Asynchronous = await AsynchronousRun.PlayAsync(
                    experiment, play, play.Policy ?? learner.Policy, play.Policy is null ? learner.Experience : play.Experience, folder, log, stop.Token);
            }
        }
        finally
        {
            recorder.Finish();
            NetworkSummary summary = recorder.Summarise();
            log.Information("{Status} after {Episodes} episodes", summary.Status, summary.Metrics.Episodes);
        }
        if (journal is not null)
        {
            await journal.SettleAsync();
            journal.ThrowIfFailed();
        }
        return recorder.Failure is { } failure
            ? throw new RunFailedException($"{folder.FullPath}: cannot write the run: {failure.Message}", failure)
            : new RunResult(recorder.Summarise(), folder.FullPath);
    }

    internal static Logger OpenLog(RunFolder folder) => new LoggerConfiguration()
        .WriteTo.File(
            folder[RunFolder.LogFile],
            outputTemplate: "{Timestamp:O} {Level:u3} {LogSource} {Message:lj}{NewLine}{Exception}",
            formatProvider: System.Globalization.CultureInfo.InvariantCulture)
        .CreateLogger();

    /// <summary>The family of an experiment, as configured.</summary>
    internal static string Family(Config config, string source)
    {
        SectionReader reader = new(config, source);
        string family = reader.Choice("akkalb.family", (Network, Network), (Game, Game), (DataCenter, DataCenter));
        reader.ThrowIfInvalid();
        return family;
    }

    /// <summary>Reads and checks an experiment of any family: the files from which its run folder can be continued, by name.</summary>
    /// <exception cref="InvalidInputException">A value is out of its range, or a file is not as expected.</exception>
    internal static IReadOnlyDictionary<string, string> Inputs(Config config, string source, string baseFolder) => Family(config, source) switch
    {
        Game => GameRun.Inputs(GameExperimentReader.Read(config, source, baseFolder)),
        DataCenter => DataCenterRun.Inputs(DataCenterExperimentReader.Read(config, source, baseFolder)),
        _ => Inputs(ReadTraining(config, source, baseFolder)),
    };

    private static NetworkExperiment ReadTraining(Config config, string source, string baseFolder)
    {
        NetworkExperiment experiment = NetworkExperimentReader.Read(config, source, baseFolder);
        return experiment.Trains
            ? experiment
            : throw new InvalidInputException($"{source}: 'akkalb.network.policy' names a policy, expected runs that train their own");
    }

    /// <summary>The run folder stands on its own: configuration, topology, its changes and flows are in it.</summary>
    private static Dictionary<string, string> Inputs(NetworkExperiment experiment)
    {
        Dictionary<string, string> files = new()
        {
            [RunFolder.TopologyFile] = GmlTopology.Write(experiment.Topology),
            [RunFolder.FlowsFile] = FlowJson.Write(experiment.Flows, experiment.Topology),
        };
        bool changes = experiment.Timeline.TopologyChanges.Times.Count > 0;
        if (changes)
        {
            files[RunFolder.TopologyChangesFile] = experiment.Timeline.TopologyChanges.Write(experiment.Topology);
        }
        files[RunFolder.ConfigurationFile] = ConfigurationWriter.Write(experiment.Resolved, new Dictionary<string, string>
        {
            ["akkalb.name"] = experiment.Name,
            ["akkalb.network.topology"] = RunFolder.TopologyFile,
            ["akkalb.network.flows.file"] = RunFolder.FlowsFile,
            ["akkalb.network.policy"] = experiment.Asynchronous?.PolicyFile is null ? "" : RunFolder.PolicyFile,
            ["akkalb.network.topology-changes"] = changes ? RunFolder.TopologyChangesFile : "",
        });
        return files;
    }

    private static RunPlan Plan(NetworkExperiment experiment, RunPath path, RunFolder folder, int firstEpisode)
    {
        NetworkEnvironment environment = new(experiment.Scenario);
        return new RunPlan(
            experiment.Name,
            "network",
            experiment.Method,
            experiment.Seed,
            path,
            folder.FullPath,
            experiment.Topology.LinkCount,
            experiment.Topology.NodeCount,
            experiment.Scenario.Router.Flows.Count,
            environment.MeanUtilisation,
            experiment.Trains ? experiment.Model.Options.Episodes : 0,
            experiment.Model.Options.Horizons,
            experiment.Model.MessageIterations,
            firstEpisode);
    }
}
