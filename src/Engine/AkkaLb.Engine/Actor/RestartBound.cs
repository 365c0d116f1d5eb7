using Akka.Actor.Internal;

namespace AkkaLb.Engine;

/// <summary>How many restarts within which time a strategy allows; negative for no bound.</summary>
internal readonly record struct RestartBound(int MaxRetries, int WithinMilliseconds)
{
    internal bool Permits(ChildRestartStats stats) => stats.RequestRestartPermission(MaxRetries, WithinMilliseconds);

    internal static int Milliseconds(TimeSpan? time) => time is { } t && t != Timeout.InfiniteTimeSpan ? (int)t.TotalMilliseconds : -1;
}
