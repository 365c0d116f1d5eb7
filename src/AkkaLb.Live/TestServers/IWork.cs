namespace AkkaLb.Live.TestServers;

/// <summary>What a request does in its slot.</summary>
internal interface IWork
{
    /// <summary>Work per second; takes effect at once where it can.</summary>
    void SetSpeed(double speed);

    /// <param name="work">Time that it takes at speed 1.</param>
    /// <exception cref="OperationCanceledException">It was cancelled before its end.</exception>
    Task RunAsync(TimeSpan work, CancellationToken cancellation);
}
