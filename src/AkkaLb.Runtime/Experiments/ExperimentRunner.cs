using Akka.Configuration;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments.Game;
using AkkaLb.Runtime.Runs;
using Serilog;
using Serilog.Core;

namespace AkkaLb.Runtime.Experiments;

/// <summary>The outcome of a run: its summary and where everything else of it lies.</summary>
public sealed record RunResult(IRunSummary Summary, string RunFolder);

/// <summary>Runs experiments of any family, on local actors or batched, into a run folder.</summary>
public static class ExperimentRunner
{
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
        (Config config, string source, string baseFolder) = Load(request);
        if (IsGame(config, source))
        {
            return await GameRun.StartAsync(GameExperimentReader.Read(config, source, baseFolder), request, observer, cancellation);
        }
        NetworkExperiment experiment = NetworkExperimentReader.Read(config, source, baseFolder);
        if (experiment.Model.Options.Memory is not null && request.Path == RunPath.Actors)
        {
            throw new InvalidInputException(
                $"{source}: 'akkalb.method': link agents do not play {experiment.Method} yet, expected 'akkalb train', which plays it without actors");
        }
        RunFolder folder = RunFolder.Create(
            request.OutputFolder,
            experiment.Resolved.GetString("akkalb.runs", "runs"),
            $"{experiment.Name}-{experiment.Method}-seed{experiment.Seed}");
        WriteInputs(experiment, folder);
        observer.Started(Plan(experiment, request.Path, folder, 0));
        (RunBaselines baselines, RunTraffic traffic) = NetworkBaselines.Compute(experiment, observer, cancellation);
        RunState state = new(0, 0, double.PositiveInfinity, [], baselines, traffic, request.Path);
        using PpoLearner learner = new(experiment.Model, experiment.Seed, experiment.Threads, experiment.Scenarios);
        return await PlayAsync(experiment, folder, learner, state, [], observer, cancellation);
    }

    private static async Task<RunResult> ContinueAsync(string runFolder, IRunObserver observer, CancellationToken cancellation)
    {
        RunFolder folder = RunFolder.Open(runFolder);
        string file = folder[RunFolder.ConfigurationFile];
        Config config = ConfigurationLoader.Load(file, []);
        if (IsGame(config, file))
        {
            return await GameRun.ContinueAsync(GameExperimentReader.Read(config, file, folder.FullPath), folder, observer, cancellation);
        }
        if (RunSummary.Read(folder) is { Status: RunSummary.Finished } finished)
        {
            observer.Notice($"{runFolder}: the run is finished, there is nothing to resume");
            return new RunResult(finished, folder.FullPath);
        }
        NetworkExperiment experiment = NetworkExperimentReader.Read(config, file, folder.FullPath);
        using PpoLearner learner = new(experiment.Model, experiment.Seed, experiment.Threads, experiment.Scenarios);
        RunState? state = Checkpoint.Restore(folder, learner);
        observer.Started(Plan(experiment, state?.Path ?? RunPath.Actors, folder, state?.Episodes ?? 0));
        if (state is null)
        {
            observer.Notice($"{runFolder}: stopped before its first policy update, so it starts anew");
            (RunBaselines baselines, RunTraffic traffic) = NetworkBaselines.Compute(experiment, observer, cancellation);
            state = new RunState(0, 0, double.PositiveInfinity, [], baselines, traffic, RunPath.Actors);
        }
        else
        {
            observer.BaselinesFound(state.Baselines);
        }
        IReadOnlyList<EpisodeReport> episodes = state.Episodes == 0 ? [] : EpisodeLog.Read(folder[RunFolder.EpisodesFile], state.Episodes);
        return await PlayAsync(experiment, folder, learner, state, episodes, observer, cancellation);
    }

    private static async Task<RunResult> PlayAsync(
        NetworkExperiment experiment, RunFolder folder, PpoLearner learner, RunState state, IReadOnlyList<EpisodeReport> episodes,
        IRunObserver observer, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using Logger log = OpenLog(folder);
        log.Information(
            "{Method} on {Name}, seed {Seed}: from episode {First} of {Episodes}, {Path}",
            experiment.Method, experiment.Name, experiment.Seed, state.Episodes, experiment.Model.Options.Episodes, state.Path);
        using RunRecorder recorder = new(experiment, learner, folder, state, episodes, observer, TimeProvider.System) { StopRun = stop.Cancel };
        try
        {
            await (state.Path == RunPath.Actors
                ? ActorRun.PlayAsync(experiment, learner, state.Episodes, recorder, log, stop.Token)
                : BatchedRun.PlayAsync(experiment, learner, recorder, stop.Token));
        }
        finally
        {
            recorder.Finish();
            RunSummary summary = recorder.Summarise();
            log.Information("{Status} after {Episodes} episodes", summary.Status, summary.Metrics.Episodes);
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

    private static bool IsGame(Config config, string source)
    {
        SectionReader reader = new(config, source);
        bool game = reader.Choice("akkalb.family", ("network", false), ("game", true));
        reader.ThrowIfInvalid();
        return game;
    }

    private static (Config Config, string Source, string BaseFolder) Load(ExperimentRequest request)
    {
        List<string> overrides = [.. request.Overrides];
        if (request.Method is { } method)
        {
            overrides.Add($"method={method}");
        }
        if (request.Seed is { } seed)
        {
            overrides.Add($"seed={seed}");
        }
        if (Directory.Exists(request.Source))
        {
            string file = Path.Combine(request.Source, PublishedFolder.ConfigurationFile);
            Config published = ConfigurationLoader.Parse(PublishedFolder.ToHocon(request.Source), file);
            return (ConfigurationLoader.Resolve(published, file, overrides), file, request.Source);
        }
        return (ConfigurationLoader.Load(request.Source, overrides), request.Source, Path.GetDirectoryName(Path.GetFullPath(request.Source))!);
    }

    /// <summary>The run folder stands on its own: configuration, topology and flows are in it.</summary>
    private static void WriteInputs(NetworkExperiment experiment, RunFolder folder)
    {
        folder.Write(RunFolder.TopologyFile, GmlTopology.Write(experiment.Topology));
        folder.Write(RunFolder.FlowsFile, FlowJson.Write(experiment.Flows, experiment.Topology));
        bool changes = experiment.Timeline.TopologyChanges.Times.Count > 0;
        if (changes)
        {
            folder.Write(RunFolder.TopologyChangesFile, experiment.Timeline.TopologyChanges.Write(experiment.Topology));
        }
        folder.Write(RunFolder.ConfigurationFile, ConfigurationWriter.Write(experiment.Resolved, new Dictionary<string, string>
        {
            ["akkalb.name"] = experiment.Name,
            ["akkalb.network.topology"] = RunFolder.TopologyFile,
            ["akkalb.network.flows.file"] = RunFolder.FlowsFile,
            ["akkalb.network.topology-changes"] = changes ? RunFolder.TopologyChangesFile : "",
        }));
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
            experiment.Model.Options.Episodes,
            experiment.Model.Options.Horizons,
            experiment.Model.MessageIterations,
            firstEpisode);
    }
}
