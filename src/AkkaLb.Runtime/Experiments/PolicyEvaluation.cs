using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments;

/// <summary>
/// Plays the policy of a run on other traffic, seeds or topologies, beside the baselines. Nothing is learnt, and the run stays as it is.
/// </summary>
public static class PolicyEvaluation
{
    /// <summary>Evaluates a run's policy.</summary>
    /// <param name="cancellation">Ends it after what is in flight; the result is then of what was done, its status <c>stopped</c>.</param>
    /// <returns>The summary, in the shape of a run's, and the evaluated run's folder.</returns>
    /// <exception cref="InvalidInputException">
    /// The folder is no run that has learnt something, its checkpoint is damaged, or the policy cannot play what is asked for; nothing was
    /// written.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled before anything was done.</exception>
    public static Task<RunResult> RunAsync(EvaluationRequest request, IRunObserver observer, CancellationToken cancellation) =>
        Task.Run(() => Evaluate(request, observer, cancellation), CancellationToken.None);

    private static RunResult Evaluate(EvaluationRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        if (request.Episodes is < 1)
        {
            throw new InvalidInputException($"--episodes: expected 1 or more, found {request.Episodes}");
        }
        bool exists = Directory.Exists(request.OutputFolder);
        // Before the work, whose result is else lost to a bad path.
        RunFolder? output = request.OutputFolder is { } path ? RunFolder.Create(path, "", "") : null;
        try
        {
            EvaluationOutcome outcome = Run(request, observer, cancellation);
            if (output is not null)
            {
                output.Write(outcome.Files);
                outcome.Summary.Write(output);
            }
            return new RunResult(outcome.Summary, Path.GetFullPath(request.RunFolder));
        }
        catch when (output is not null && !exists && !Directory.EnumerateFileSystemEntries(output.FullPath).Any())
        {
            Directory.Delete(output.FullPath);
            throw;
        }
    }

    private static EvaluationOutcome Run(EvaluationRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        EvaluatedRun run = EvaluatedRun.Open(request);
        using IDisposable? guard = run.Folder.LockToRead();
        bool network = ExperimentRunner.Family(run.Trained, run.File) == "network";
        if (!network && (request.Topology ?? request.Flows) is not null)
        {
            string option = request.Topology is null ? "--flows" : "--topology";
            throw new InvalidInputException($"{option}: expected a run of family network, {request.RunFolder} is of datacenter");
        }
        return network
            ? NetworkEvaluation.Run(run, request, observer, cancellation)
            : DataCenterEvaluation.Run(run, request, observer, cancellation);
    }
}

/// <summary>What came of an evaluation.</summary>
/// <param name="Files">What belongs beside the summary, by name.</param>
internal sealed record EvaluationOutcome(ResultSummary Summary, IReadOnlyDictionary<string, string> Files);
