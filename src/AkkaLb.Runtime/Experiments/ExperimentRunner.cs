using AkkaLb.Domain;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments;

/// <summary>The outcome of a run: its summary and where everything else of it lies.</summary>
public sealed record RunResult(RunSummary Summary, string RunFolder);

/// <summary>Runs experiments of any family, on local actors or batched, into a run folder.</summary>
public static class ExperimentRunner
{
    /// <summary>Runs an experiment from its start.</summary>
    /// <param name="cancellation">Ends the run after what is in flight; the result's status is then <c>stopped</c>.</param>
    /// <exception cref="InvalidInputException">The source, an override or the output folder is not valid; nothing was written.</exception>
    public static Task<RunResult> RunAsync(ExperimentRequest request, IRunObserver observer, CancellationToken cancellation) =>
        throw new InvalidInputException($"{request.Source}: runs are not wired yet");

    /// <summary>Continues a run folder after a stop; a finished run is left as it is and its result returned.</summary>
    /// <exception cref="InvalidInputException">The folder is not a run folder, or its checkpoint is damaged.</exception>
    public static Task<RunResult> ResumeAsync(string runFolder, IRunObserver observer, CancellationToken cancellation) =>
        throw new InvalidInputException($"{runFolder}: runs are not wired yet");
}
