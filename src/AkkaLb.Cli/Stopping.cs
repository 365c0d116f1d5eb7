namespace AkkaLb.Cli;

/// <summary>For commands that serve until they are told to stop.</summary>
internal static class Stopping
{
    /// <summary>Ends, without an exception, when it is cancelled.</summary>
    public static async Task WhenStoppedAsync(this CancellationToken cancellation)
    {
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = cancellation.Register(stopped.SetResult);
        await stopped.Task;
    }
}
