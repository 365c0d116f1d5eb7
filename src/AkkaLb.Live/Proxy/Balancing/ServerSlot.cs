using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Live.Proxy.Guards;
using Yarp.ReverseProxy.Model;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>A server of a cluster as its balancer counts it. All but the identity is guarded by the cluster's lock.</summary>
internal sealed class ServerSlot(string name, int number) : GuardedServer(number)
{
    public string Name => name;

    private long _said = long.MinValue / 2;

    /// <summary>What requests are forwarded to; null when the configuration has it no longer.</summary>
    public DestinationState? Destination { get; set; }

    /// <summary>Place in the arrays of the policy; −1 when the configuration has it no longer.</summary>
    public int Index { get; set; } = -1;

    /// <summary>
    /// Those of <see cref="GuardedServer.Places"/> that the agent is told of: all but upgraded connections, which last as long as their
    /// clients want.
    /// </summary>
    public int Observed { get; set; }

    /// <summary>Failed requests that keep their places.</summary>
    public int Held { get; set; }

    public int InFlight => Places - Held;

    /// <summary>Requests that it failed, since the proxy's start.</summary>
    public long Failures { get; set; }

    /// <summary>Requests that ended by no doing of its own, since the proxy's start: most clients went away before its answer.</summary>
    public long Abandoned { get; set; }

    /// <summary>Durations of its requests; null when the configuration has it no longer.</summary>
    public LatencyWindow? Latency { get; set; }

    /// <summary><see cref="GuardedServer.Picks"/> when the floor looked last.</summary>
    public long PicksAtLook { get; set; }

    /// <summary>Requests that wait for a place.</summary>
    public WaitingLine Waiting { get; } = new();

    /// <summary>Whether a failure is worth a line of the log, as one a second is; by any thread.</summary>
    public bool MaySay(long now)
    {
        long said = Volatile.Read(ref _said);
        return now - said >= Ticks.PerSecond && Interlocked.CompareExchange(ref _said, now, said) == said;
    }

    public string State => Destination is null ? "removed"
        : IsDrained ? "drained"
        : !Health.IsHealthy ? "unhealthy"
        : Ejection.IsEjected ? "ejected"
        : "in use";
}
