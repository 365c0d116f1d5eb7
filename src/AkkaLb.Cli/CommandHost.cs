using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Cli;

/// <summary>Everything of the outside world that a command touches besides files, so that tests can supply it.</summary>
/// <param name="Out">The result, and nothing else.</param>
/// <param name="Error">Progress, logs and the one line of an error.</param>
internal sealed record CommandHost(TextWriter Out, TextWriter Error, TimeProvider Time)
{
    /// <summary>Whether <see cref="Out"/> is a terminal that understands escape sequences.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal that understands escape sequences.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Columns that results and progress have; null: those of the terminal, 160 without one.</summary>
    public int? Width { get; init; }

    /// <summary>Whether terminals get colours; false when NO_COLOR is set.</summary>
    public bool Colour { get; init; }

    /// <summary>Whether an internal error shows its stack trace (AKKALB_DEBUG=1).</summary>
    public bool ShowStackTraces { get; init; }

    public Func<ExperimentRequest, IRunObserver, CancellationToken, Task<RunResult>> Run { get; init; } = ExperimentRunner.RunAsync;

    /// <summary>With overrides of the section learning.</summary>
    public Func<string, IReadOnlyList<string>, IRunObserver, CancellationToken, Task<RunResult>> Resume { get; init; } =
        ExperimentRunner.ResumeAsync;
}
