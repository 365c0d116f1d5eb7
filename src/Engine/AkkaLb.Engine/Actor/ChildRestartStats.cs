using System.Diagnostics;

namespace Akka.Actor.Internal;

/// <summary>A child, or a name reserved for one.</summary>
public interface IChildStats;

/// <summary>How often a child was restarted.</summary>
public class ChildRestartStats(IInternalActorRef child, uint maxNrOfRetriesCount = 0, long restartTimeWindowStartTicks = 0) : IChildStats
{
    /// <summary>The incarnation.</summary>
    public long Uid => child.Path.Uid;

    /// <summary>The child.</summary>
    public IInternalActorRef Child => child;

    /// <summary>Restarts in the present window.</summary>
    public uint MaxNrOfRetriesCount { get; private set; } = maxNrOfRetriesCount;

    /// <summary>When the present window began, 0 before the first.</summary>
    public long RestartTimeWindowStartTicks { get; private set; } = restartTimeWindowStartTicks;

    /// <summary>Counts a restart; false when it is one too many. Negative numbers mean no bound.</summary>
    public bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
    {
        if (maxNrOfRetries == 0) { return false; }
        if (withinTimeMilliseconds <= 0)
        {
            MaxNrOfRetriesCount++;
            return maxNrOfRetries < 0 || MaxNrOfRetriesCount <= maxNrOfRetries;
        }
        int allowed = maxNrOfRetries < 0 ? 1 : maxNrOfRetries;
        long now = Stopwatch.GetTimestamp();
        if (RestartTimeWindowStartTicks == 0) { RestartTimeWindowStartTicks = now; }
        if (Stopwatch.GetElapsedTime(RestartTimeWindowStartTicks, now).TotalMilliseconds <= withinTimeMilliseconds)
        {
            MaxNrOfRetriesCount++;
            return MaxNrOfRetriesCount <= allowed;
        }
        RestartTimeWindowStartTicks = now;
        MaxNrOfRetriesCount = 1;
        return true;
    }
}
