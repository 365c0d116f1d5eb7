using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Plays the policy of a data-centre run, learnt by either backend, beside the classic policies on the same jobs.</summary>
internal static class DataCenterEvaluation
{
    private static readonly TimeSpan NoticeInterval = TimeSpan.FromSeconds(5);

    public static EvaluationOutcome Run(
        EvaluatedRun run, EvaluationRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        TimeProvider time = TimeProvider.System;
        long started = time.GetTimestamp(), noticed = started, events = 0;
        run.RequireUnsaid("akkalb.datacenter.learning", "none of this section");
        if (run.Asked.HasPath("akkalb.datacenter.actors"))
        {
            throw new InvalidInputException("--set datacenter.actors: an evaluation simulates, expected none of this key");
        }
        DataCenterExperiment learnt = DataCenterExperimentReader.Read(run.ForKernels(), run.File, run.Folder.FullPath);
        List<string> above = [];
        if (request.Seed is { } seed)
        {
            above.Add($"seed={seed}");
        }
        if (request.Episodes is { } episodes)
        {
            above.Add($"datacenter.repetitions={episodes}");
        }
        DataCenterExperiment experiment = DataCenterExperimentReader.Read(
            run.Configure([], above), run.File, run.Folder.FullPath);
        DataCenterModel model = experiment.Model;
        if (learnt.Learning?.Options.Net == BalancingNet.PerServer)
        {
            // Its policy is for any number of both.
            learnt = learnt with { Model = model };
        }
        Require(request, learnt.Model.LoadBalancers, model.LoadBalancers, "load balancers", "datacenter.load-balancers");
        Require(request, learnt.Model.Servers.Count, model.Servers.Count, "servers", "datacenter.servers.workers");
        using DataCenterTraining training = DataCenterTraining.Open(learnt, run.Folder, time)
            ?? throw new InvalidInputException($"{request.RunFolder}: a run of method compare, expected one that learns");
        PolicyTally[] tallies = [.. training.Contenders(experiment.Seed)
            .Concat(experiment.Policies.Select(policy => Contender.Classic(policy, experiment.Seed)))
            .Select(contender => new PolicyTally(contender, model))];
        observer.Notice($"{request.RunFolder}: {learnt.Learning!.Name} and {experiment.Policies.Count} policies, "
            + $"{experiment.Repetitions} repetitions, seed {experiment.Seed}");
        foreach (string note in DataCenterRun.Notes(experiment))
        {
            observer.Notice(note);
        }
        int done = 0;
        for (; done < experiment.Repetitions && Play(model, tallies, done, cancellation) is { } results; done++)
        {
            // A repetition counts for every policy or for none.
            foreach ((PolicyTally tally, SimulationResult result) in tallies.Zip(results))
            {
                events += result.Events;
                tally.Add(result);
            }
            if (time.GetElapsedTime(noticed) >= NoticeInterval)
            {
                noticed = time.GetTimestamp();
                observer.Notice($"repetition {done + 1} of {experiment.Repetitions}");
            }
        }
        if (done == 0)
        {
            throw new OperationCanceledException(cancellation);
        }
        PolicyTally baseline = tallies.Single(t => t.Policy == experiment.Baseline);
        DataCenterSummary summary = new()
        {
            Method = learnt.Learning.Name,
            Seed = experiment.Seed,
            Status = done == experiment.Repetitions ? RunSummary.Finished : RunSummary.Stopped,
            Metrics = new DataCenterMetrics(
                model.LoadBalancers, model.Servers.Count, done, baseline.Times.Count, events, model.ProcessorLoad, model.DiskLoad),
            Policies = tallies.ToDictionary(t => t.Policy, t => t.Summarise(t == baseline ? null : baseline)),
            Baseline = experiment.Baseline,
            // For other load balancers or servers than those that it was learnt with, an episode would have sent something else.
            Training = RunSummary.Read<DataCenterSummary>(run.Folder)?.Training is { } told && told.Episodes == training.Curve.Count
                ? told
                : training.Summarise(),
            Evaluation = new DataCenterEvaluationFigures(run.Folder.FullPath, learnt.Seed, training.Curve.Count),
            WallSeconds = Math.Round(time.GetElapsedTime(started).TotalSeconds, 3),
        };
        Dictionary<string, string> files = new()
        {
            [RunFolder.PoliciesFile] = DataCenterFiles.ToCsv(tallies, model),
            [RunFolder.CompletionPlotFile] = DataCenterFiles.PlotCompletions(experiment.Name, tallies),
            [RunFolder.ServedPlotFile] = DataCenterFiles.PlotServed(experiment.Name, tallies),
            [RunFolder.GoodputPlotFile] = DataCenterFiles.PlotGoodput(experiment.Name, tallies),
        };
        return new EvaluationOutcome(summary, files);
    }

    /// <returns>Null when it was cancelled.</returns>
    private static IReadOnlyList<SimulationResult>? Play(
        DataCenterModel model, IReadOnlyList<PolicyTally> tallies, int repetition, CancellationToken cancellation)
    {
        try
        {
            return [.. tallies.Select(
                tally => new DataCenterSimulation(model, tally.Contender.Episode((ulong)repetition)).Run(cancellation))];
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static void Require(EvaluationRequest request, int learnt, int found, string what, string key)
    {
        if (learnt != found)
        {
            throw new InvalidInputException(
                $"{request.RunFolder}: its policy is for {learnt} {what}, expected as many in '{key}', found {found}");
        }
    }
}
