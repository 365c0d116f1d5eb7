using AkkaLb.Hocon;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using Serilog;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>Runs an experiment of the family <c>network</c> into a run folder: baselines, training, asynchronous play.</summary>
internal static class NetworkRun
{
    /// <summary>What is minimised.</summary>
    public const string ObjectiveKey = "akkalb.network.objective";

    /// <exception cref="InvalidInputException">The output folder is not valid; nothing was written.</exception>
    public static async Task<RunResult> StartAsync(
        NetworkExperiment experiment, ExperimentRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        RequireAgents(experiment, request.Path, request.Source);
        using NewRun run = NewRun.Begin(experiment.Resolved, request, $"{experiment.Name}-{experiment.Method}-seed{experiment.Seed}");
        RunFolder folder = run.Folder;
        experiment = experiment with { Resolved = run.Resolved };
        if (experiment.Asynchronous?.PolicyFile is { } policy)
        {
            folder.Write(RunFolder.PolicyFile, stream => stream.Write(File.ReadAllBytes(policy)));
            if (experiment.Asynchronous.Experience is { } experience)
            {
                folder.Write(RunFolder.PolicyMemoryFile, experience.WriteMark);
            }
            folder.Write(RunFolder.PolicySumsFile, CheckpointSums.Of(folder[RunFolder.PolicyFolder]));
        }
        // Before the configuration, with which it is a run that others go on with: not every model has actors.
        folder.Write(RunFolder.PlayedByFile, request.Path.ToString().ToLowerInvariant());
        folder.Write(Inputs(experiment));
        observer.FolderReady(folder.FullPath);
        foreach (string note in experiment.Notes)
        {
            observer.Notice(note);
        }
        observer.Started(Plan(experiment, request.Path, folder, 0));
        await using RunHost host = RunHost.Open(experiment.Resolved, folder, isNew: true, fromStart: true);
        WarnOfUnroutable(experiment, observer, host.Log);
        (RunBaselines baselines, RunTraffic traffic) = NetworkBaselines.Compute(experiment, observer, cancellation);
        RunState state = new(0, 0, double.PositiveInfinity, [], baselines, traffic, request.Path);
        using PpoLearner learner = new(experiment.Model, experiment.Seed, experiment.Threads, experiment.Scenarios, experiment.Backend);
        return await PlayAsync(experiment, folder, host, learner, state, [], RunStart.New, observer, cancellation);
    }

    /// <summary>The inputs of an experiment that can be played so.</summary>
    /// <exception cref="InvalidInputException">It cannot.</exception>
    public static IReadOnlyDictionary<string, string> Inputs(NetworkExperiment experiment, RunPath path, string source)
    {
        RequireAgents(experiment, path, source);
        return Inputs(experiment);
    }

    /// <summary>The run folder stands on its own: configuration, topology, its changes and flows are in it.</summary>
    public static IReadOnlyDictionary<string, string> Inputs(NetworkExperiment experiment)
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
        if (experiment.GeneratorMeanLoad is { } load)
        {
            files[RunFolder.GeneratorFile] = new GeneratorFigures(load).ToJson();
        }
        files[RunFolder.ConfigurationFile] = ConfigurationWriter.Write(experiment.Resolved, new Dictionary<string, string>
        {
            ["akkalb.name"] = experiment.Name,
            ["akkalb.network.topology"] = RunFolder.TopologyFile,
            ["akkalb.network.topology-import.capacity-unit"] = "",
            ["akkalb.network.flows.file"] = RunFolder.FlowsFile,
            ["akkalb.network.flows.unit"] = "",
            ["akkalb.network.policy"] = experiment.Asynchronous?.PolicyFile is null ? "" : RunFolder.PolicyFile,
            ["akkalb.network.topology-changes"] = changes ? RunFolder.TopologyChangesFile : "",
        });
        return files;
    }

    /// <summary>
    /// Goes on from the last checkpoint. A finished run is not read again: that would build its flows and its model for nothing.
    /// </summary>
    /// <param name="config">The folder's configuration, and the <paramref name="file"/> that it is from.</param>
    /// <param name="freshPath">Who plays the episodes of a run that has no checkpoint yet.</param>
    /// <param name="fromStart">Whether all is played again and compared with the journal, though that holds more.</param>
    /// <param name="cluster">What its agents live on; null: this process.</param>
    public static async Task<RunResult> ContinueAsync(
        Config config, string file, RunFolder folder, RunPath freshPath, bool fromStart, IRunObserver observer, ClusterPlay? cluster,
        CancellationToken cancellation)
    {
        NetworkSummary? earlier = RunSummary.Read<NetworkSummary>(folder);
        if (earlier is { Status: RunSummary.Finished })
        {
            observer.Notice($"{folder.ShownPath}: the run is finished, there is nothing to resume");
            return new RunResult(earlier, folder.FullPath) { Objective = config.GetString(ObjectiveKey) };
        }
        string? playedBy = earlier?.Path
            ?? (File.Exists(folder[RunFolder.PlayedByFile]) ? File.ReadAllText(folder[RunFolder.PlayedByFile]) : null);
        if (Enum.TryParse(playedBy, ignoreCase: true, out RunPath path))
        {
            freshPath = path;
        }
        // To a run that goes on its flows are those of a file, of which nobody can tell what the generator reached.
        NetworkExperiment experiment = NetworkExperimentReader.Read(config, file, folder.FullPath) with
        {
            GeneratorMeanLoad = GeneratorFigures.Read(folder)?.MeanLoad,
        };
        using PpoLearner learner = new(experiment.Model, experiment.Seed, experiment.Threads, experiment.Scenarios, experiment.Backend);
        CheckpointCheck.ThrowIfDamaged(folder, config);
        CheckpointInputs.ThrowIfChanged(folder, config);
        PolicyCheck.ThrowIfChanged(folder, config);
        RunState? state = NetworkCheckpoint.Restore(folder, learner);
        RequireAgents(experiment, state?.Path ?? freshPath, file);
        observer.Started(Plan(experiment, state?.Path ?? freshPath, folder, state?.Episodes ?? 0));
        bool isNew = cluster is { Session: 1 };
        await using RunHost host = RunHost.Open(experiment.Resolved, folder, isNew, fromStart: state is null or { Episodes: 0 }, cluster);
        WarnOfUnroutable(experiment, observer, host.Log);
        if (state is null)
        {
            if (experiment.Trains && File.Exists(folder[RunFolder.EpisodesFile]))
            {
                observer.Notice($"{folder.ShownPath}: stopped before its first checkpoint (akkalb.checkpoint.interval), so it starts anew");
            }
            (RunBaselines baselines, RunTraffic traffic) = NetworkBaselines.Compute(experiment, observer, cancellation);
            state = new RunState(0, 0, double.PositiveInfinity, [], baselines, traffic, freshPath);
        }
        else
        {
            observer.BaselinesFound(state.Baselines);
        }
        IReadOnlyList<EpisodeReport> episodes = state.Episodes == 0
            ? []
            : EpisodeLog.Read(folder[RunFolder.EpisodesFile], state.Episodes);
        RunStart start = host.Begins ? RunStart.New : fromStart ? RunStart.Again : RunStart.Resumed;
        return await PlayAsync(experiment, folder, host, learner, state, episodes, start, observer, cancellation);
    }

    private static void RequireAgents(NetworkExperiment experiment, RunPath path, string source)
    {
        if (!experiment.Model.HasKernels && (path == RunPath.Actors || experiment.Backend is null))
        {
            throw NetworkModel.NeedsBackend($"{source}: ");
        }
        if (path == RunPath.Actors && experiment.Scenarios.Topologies > 1)
        {
            throw new InvalidInputException(
                $"{source}: 'akkalb.network.training.variation.graphs.count' is above 0: expected 'akkalb train', as link agents live on "
                + "one topology");
        }
    }

    private static async Task<RunResult> PlayAsync(
        NetworkExperiment experiment, RunFolder folder, RunHost host, PpoLearner learner, RunState state,
        IReadOnlyList<EpisodeReport> episodes,
        RunStart start, IRunObserver observer, CancellationToken cancellation)
    {
        RunJournal? journal = host.Journal;
        ILogger log = host.Log;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation, journal?.Failed ?? CancellationToken.None);
        log.Information(
            "{Method} on {Name}, seed {Seed}: from episode {First} of {Episodes}, {Path}",
            experiment.Method, experiment.Name, experiment.Seed, state.Episodes, experiment.Model.Options.Episodes, state.Path);
        using RunRecorder recorder = new(experiment, learner, folder, state, episodes, observer, TimeProvider.System)
        {
            StopRun = stop.Cancel,
            Journal = journal,
            Cluster = host.Cluster,
        };
        recorder.OpenJournal(start == RunStart.New);
        try
        {
            // Stopped while it computed its baselines, a run must not keep what it has of them.
            if (experiment.Trains && !stop.IsCancellationRequested)
            {
                await (state.Path == RunPath.Actors
                    ? ActorRun.PlayAsync(experiment, learner, state.Episodes, recorder, host, stop.Token)
                    : BatchedRun.PlayAsync(experiment, learner, recorder, stop.Token));
            }
            if (experiment.Asynchronous is { } play && recorder.IsTrained && !stop.IsCancellationRequested)
            {
                // A run that is killed from here on goes on from here.
                recorder.Keep();
                observer.Notice(
                    $"{experiment.Name}: asynchronous, from {play.Scenario.Start} to {play.Scenario.Until} ms of virtual time, on actors");
                TeamExperience? experience = play.Policy is null ? learner.Experience : play.Experience;
                recorder.Asynchronous = await AsynchronousRun.PlayAsync(
                    experiment, play, play.Policy ?? learner.Policy, experience?.Save(), start == RunStart.Again, folder, host, stop.Token);
                if (recorder.Asynchronous is { Metrics.Waiting: > 0 and int most })
                {
                    Warn($"{experiment.Name}: flows had no path in virtual time and loaded nothing, up to {most} at a time; "
                        + $"{RunFolder.TimelineFile} says when, as 'waiting'", observer, log);
                }
            }
        }
        finally
        {
            recorder.Finish();
            if (journal is not null)
            {
                await journal.SettleAsync();
            }
            NetworkSummary summary = recorder.Close();
            log.Information("{Status} after {Episodes} episodes", summary.Status, summary.Metrics.Episodes);
        }
        journal?.ThrowIfFailed();
        return recorder.Failure is { } failure
            ? throw new RunFailedException($"{folder.FullPath}: {failure.Message}", failure)
            : new RunResult(recorder.Summarise(), folder.FullPath)
            {
                KeptEpisodes = recorder.KeptEpisodes,
                Objective = experiment.Resolved.GetString(ObjectiveKey),
            };
    }

    private static void WarnOfUnroutable(NetworkExperiment experiment, IRunObserver observer, ILogger log)
    {
        foreach (string line in experiment.Unroutable)
        {
            Warn(line, observer, log);
        }
    }

    private static void Warn(string line, IRunObserver observer, ILogger log)
    {
        observer.Notice(line);
        log.Warning("{Line}", line);
    }

    private enum RunStart
    {
        New,
        Resumed,

        /// <summary>A replay: a run of before is played again from its start.</summary>
        Again,
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
            experiment.Scenario.Router.Count,
            environment.MeanUtilisation,
            experiment.Trains ? experiment.Model.Options.Episodes : 0,
            experiment.Model.Options.Horizons,
            experiment.Model.MessageIterations,
            firstEpisode)
        {
            Objective = experiment.Resolved.GetString(ObjectiveKey)!,
            Varies = experiment.Scenarios.TakesTurns,
        };
    }
}
