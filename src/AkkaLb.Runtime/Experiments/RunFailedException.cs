namespace AkkaLb.Runtime.Experiments;

/// <summary>A run that began well and cannot go on; <see cref="Exception.Message"/> is the one line to show. Exit code 1.</summary>
public sealed class RunFailedException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether the run would fail again, wherever it went on.</summary>
    public bool IsFinal { get; init; }
}
