using System.Diagnostics;

namespace AkkaLb.Engine;

/// <summary>The one place where the engine reads the process's clocks.</summary>
internal static class SystemClock
{
    internal static DateTimeOffset UtcNow => TimeProvider.System.GetUtcNow();

    internal static TimeSpan SinceEpoch => UtcNow - DateTimeOffset.UnixEpoch;

    /// <summary>Time that only grows, from an arbitrary beginning.</summary>
    internal static TimeSpan Monotonic => Stopwatch.GetElapsedTime(0);
}
