using System.Globalization;
using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Plots;
using AkkaLb.Runtime.Runs;
using Serilog;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>
/// Runs an experiment of the family <c>datacenter</c> into a run folder: all policies on the same jobs, repetition by repetition.
/// </summary>
internal static class DataCenterRun
{
    private const int MostLevels = 4;

    private static readonly TimeSpan NoticeInterval = TimeSpan.FromSeconds(5);

    /// <exception cref="InvalidInputException">The output folder is not valid; nothing was written.</exception>
    public static async Task<RunResult> StartAsync(
        DataCenterExperiment experiment, ExperimentRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        using NewRun run = NewRun.Begin(
            experiment.Resolved, request,
            $"{experiment.Name}{(experiment.Learning is { } plan ? $"-{plan.Name}" : "")}-seed{experiment.Seed}");
        RunFolder folder = run.Folder;
        experiment = experiment with { Resolved = run.Resolved };
        folder.Write(Inputs(experiment));
        observer.FolderReady(folder.FullPath);
        return await PlayAsync(experiment, folder, isNew: true, observer, cluster: null, cancellation);
    }

    /// <summary>The run folder stands on its own: the configuration and the trace are in it.</summary>
    public static IReadOnlyDictionary<string, string> Inputs(DataCenterExperiment experiment)
    {
        Dictionary<string, string> files = [], replacements = new() { ["akkalb.name"] = experiment.Name };
        Config written = experiment.Resolved;
        if (experiment.Trace is { } trace)
        {
            files[RunFolder.TraceFile] = trace.Text;
            replacements[DataCenterExperimentReader.TraceKey] = RunFolder.TraceFile;
            written = TraceReader.UsualOptions.WithFallback(written);
        }
        files[RunFolder.ConfigurationFile] = ConfigurationWriter.Write(written, replacements);
        return files;
    }

    /// <summary>
    /// Training goes on from its checkpoint. A comparison is a matter of seconds and the same every time, so a stopped one is run from its
    /// start.
    /// </summary>
    public static Task<RunResult> ContinueAsync(
        DataCenterExperiment experiment, RunFolder folder, IRunObserver observer, ClusterPlay? cluster, CancellationToken cancellation)
    {
        if (RunSummary.Read<DataCenterSummary>(folder) is { Status: RunSummary.Finished } finished)
        {
            observer.Notice($"{folder.ShownPath}: the run is finished, there is nothing to resume");
            return Task.FromResult(new RunResult(finished, folder.FullPath));
        }
        return PlayAsync(experiment, folder, isNew: cluster is { Session: 1 }, observer, cluster, cancellation);
    }

    private static async Task<RunResult> PlayAsync(
        DataCenterExperiment experiment, RunFolder folder, bool isNew, IRunObserver observer, ClusterPlay? cluster,
        CancellationToken stopped)
    {
        TimeProvider time = TimeProvider.System;
        long started = time.GetTimestamp(), noticed = started, events = 0;
        DataCenterModel model = experiment.Model;
        using DataCenterTraining? training = DataCenterTraining.Open(experiment, folder, time);
        int trained = training?.Curve.Count ?? 0;
        await using RunHost host = RunHost.Open(experiment.Resolved, folder, isNew, fromStart: trained == 0, cluster);
        RunJournal? journal = host.Journal;
        ILogger log = host.Log;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(
            stopped, journal?.Failed ?? CancellationToken.None);
        CancellationToken cancellation = stop.Token;
        journal?.Store(host.Begins ? new RunEvents.RunStarted(experiment.Name, experiment.Learning?.Name ?? "compare", experiment.Seed)
            : new RunEvents.RunResumed(trained));
        observer.Notice($"{experiment.Name}: {experiment.Policies.Count} policies, {model.LoadBalancers} load balancer(s), "
            + $"{model.Servers.Count} servers, "
            + $"{experiment.Repetitions} repetitions, seed {experiment.Seed}{(experiment.Actors ? ", by actors" : "")}; run folder "
            + $"{folder.ShownPath}");
        foreach (string note in Notes(experiment))
        {
            observer.Notice(note);
            log.Warning("{Note}", note);
        }
        DataCenterActors? actors = experiment.Actors ? new DataCenterActors(host) : null;
        if (training is not null)
        {
            await training.TrainAsync(observer, journal, log, actors, cluster, cancellation);
        }
        IEnumerable<Contender> learned = training is { IsFinished: true } ? training.Contenders() : [];
        PolicyTally[] tallies = [.. learned.Concat(experiment.Policies.Select(p => Contender.Classic(p, experiment.Seed))).Select(
            c => new PolicyTally(c, model))];
        SimulationResult?[] results = new SimulationResult?[tallies.Length];
        int done = 0;
        for (; done < experiment.Repetitions; done++)
        {
            for (int k = 0; k < tallies.Length && !cancellation.IsCancellationRequested; k++)
            {
                (PolicyTally tally, ulong repetition) = (tallies[k], (ulong)done);
                SimulationOptions Episode() => tally.Contender.Episode(repetition);
                results[k] = actors is null
                    ? Simulate(model, Episode(), cancellation)
                    : await actors.PlayAsync(model, Episode, $"{tally.Policy}.{done}", cancellation);
            }
            // A repetition counts for every policy or for none.
            if (cancellation.IsCancellationRequested)
            {
                break;
            }
            foreach ((PolicyTally tally, SimulationResult? result) in tallies.Zip(results))
            {
                events += result!.Events;
                tally.Add(result);
            }
            if (time.GetElapsedTime(noticed) >= NoticeInterval)
            {
                noticed = time.GetTimestamp();
                observer.Notice($"repetition {done + 1} of {experiment.Repetitions}");
            }
        }
        journal?.Store(done == experiment.Repetitions ? new RunEvents.RunFinished(done) : new RunEvents.RunStopped(done));
        await host.SettleAsync();
        log.Information("{Repetitions} repetitions of {Policies} policies, {Events} events", done, tallies.Length, events);
        PolicyTally baseline = tallies.Single(t => t.Policy == experiment.Baseline);
        if (done > 0 && baseline.Times.Count == 0)
        {
            observer.Notice($"{experiment.Name}: no job came, so that there are no completion times and all are 0");
        }
        if (RunSummary.Read<DataCenterSummary>(folder) is { } before && before.Metrics.Repetitions > done)
        {
            observer.Notice($"{experiment.Name}: {done} repetitions were played again, so that the results of "
                + $"{before.Metrics.Repetitions} stay");
            return new RunResult(before, folder.FullPath);
        }
        DataCenterSummary summary = new()
        {
            Method = experiment.Learning?.Name ?? "compare",
            Seed = experiment.Seed,
            Status = done == experiment.Repetitions ? RunSummary.Finished : RunSummary.Stopped,
            Metrics = new DataCenterMetrics(
                model.LoadBalancers, model.Servers.Count, done, baseline.Times.Count, events, model.ProcessorLoad, model.DiskLoad),
            Policies = done == 0 ? new Dictionary<string, PolicyMetrics>() : tallies.ToDictionary(
                t => t.Policy, t => t.Summarise(t == baseline ? null : baseline)),
            Baseline = experiment.Baseline,
            Training = training?.Summarise(),
            WallSeconds = Math.Round(time.GetElapsedTime(started).TotalSeconds, 3),
            Cluster = cluster?.Figures,
        };
        if (training is not null)
        {
            IReadOnlyList<ChartLevel> levels = [.. summary.Policies.Take(MostLevels).Select(p => new ChartLevel(p.Key, p.Value.MeanTct))];
            folder.Write(RunFolder.LearningPlotFile, training.Curve.Plot(experiment.Name, summary.Method, levels));
        }
        if (done == 0)
        {
            summary.Write(folder);
            return new RunResult(summary, folder.FullPath);
        }
        folder.Write(RunFolder.PoliciesFile, DataCenterFiles.ToCsv(tallies, model));
        folder.Write(RunFolder.LoadsFile, DataCenterFiles.LoadsToCsv(tallies));
        if (model.Failures.IsOn)
        {
            folder.Write(RunFolder.ServerStatesFile, DataCenterFiles.StatesToCsv(tallies));
        }
        folder.Write(RunFolder.TimelineFile, DataCenterFiles.TimelineToCsv(tallies));
        folder.Write(RunFolder.TimelinePlotFile, DataCenterFiles.PlotTimeline(experiment.Name, tallies));
        folder.Write(RunFolder.CompletionPlotFile, DataCenterFiles.PlotCompletions(experiment.Name, tallies));
        folder.Write(RunFolder.ServedPlotFile, DataCenterFiles.PlotServed(experiment.Name, tallies));
        folder.Write(RunFolder.GoodputPlotFile, DataCenterFiles.PlotGoodput(experiment.Name, tallies));
        folder.Write(RunFolder.LoadsPlotFile, DataCenterFiles.PlotLoads(experiment.Name, baseline));
        summary.Write(folder);
        return new RunResult(summary, folder.FullPath);
    }

    /// <returns>Null when it was cancelled.</returns>
    private static SimulationResult? Simulate(DataCenterModel model, SimulationOptions episode, CancellationToken cancellation)
    {
        try
        {
            return new DataCenterSimulation(model, episode).Run(cancellation);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>How a log was read, and what of a trace and of changes is not played, a line each.</summary>
    public static IReadOnlyList<string> Notes(DataCenterExperiment experiment)
    {
        List<string> notes = [.. experiment.Trace?.Notes ?? []];
        if (Cut(experiment) is { } cut)
        {
            notes.Add(cut);
        }
        int late = experiment.Model.Changes.Count(change => change.Time >= experiment.Model.Traffic.Duration);
        if (late > 0)
        {
            notes.Add($"{experiment.Name}: {late} of {experiment.Model.Changes.Count} changes come after the last job, "
                + "and have no figures: 'akkalb.datacenter.changes'");
        }
        return notes;
    }

    private static string? Cut(DataCenterExperiment experiment)
    {
        TrafficOptions traffic = experiment.Model.Traffic;
        int played = traffic.Played.Count();
        return traffic.Trace is { } rows && played < rows.Count
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{experiment.Name}: of the trace {played:N0} of {rows.Count:N0} rows are played, "
                    + $"{Ticks.ToSeconds(traffic.Duration):0.###} of {Ticks.ToSeconds(rows[^1].Time):0.###} s: "
                    + $"'akkalb.datacenter.traffic.duration'")
            : null;
    }
}
