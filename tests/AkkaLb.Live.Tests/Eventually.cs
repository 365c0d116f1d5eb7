namespace AkkaLb.Live.Tests;

/// <summary>Waits for what other threads bring about, without a time of its own: it fails by the runner's time-out only.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task BecomesTrue(Func<bool> condition, string what)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Patience, $"waiting until {what}");
            await Task.Yield();
        }
    }
}
