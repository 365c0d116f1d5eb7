namespace AkkaLb.Live.Tests.Proxy;

/// <summary>Asks again and again for what other threads bring about; gives up after a time that only a defect takes.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task HoldsAsync(
        Func<Task<bool>> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string what = "") =>
        await HoldsAsync(condition, () => what);

    /// <param name="what">What is seen when it is given up.</param>
    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> what)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Patience, what());
            await Task.Yield();
        }
    }
}
