using AkkaLb.Live.Proxy.Guards;
using Yarp.ReverseProxy.Model;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>A server of a cluster as its balancer counts it. All but the identity is guarded by the cluster's lock.</summary>
internal sealed class ServerSlot(string name, int number)
{
    public string Name => name;

    /// <summary>Its number among all servers that the cluster ever had.</summary>
    public int Number => number;

    /// <summary>What requests are forwarded to; null when the configuration has it no longer.</summary>
    public DestinationState? Destination { get; set; }

    /// <summary>Place in the arrays of the policy; −1 when the configuration has it no longer.</summary>
    public int Index { get; set; } = -1;

    /// <summary>Positive.</summary>
    public double ConfiguredWeight { get; set; } = 1;

    /// <summary>Requests in flight, and those failed ones that still keep their places.</summary>
    public int Places { get; set; }

    /// <summary>Those of them that the agent is told of: all but upgraded connections, which last as long as their clients want.</summary>
    public int Observed { get; set; }

    /// <summary>Failed requests that keep their places.</summary>
    public int Held { get; set; }

    public int InFlight => Places - Held;

    public bool IsDrained { get; set; }

    /// <summary>What active checks have found.</summary>
    public HealthRecord Health { get; } = new();

    public EjectionRecord Ejection { get; } = new();

    /// <summary>When it came into use, ticks; the ramp of <see cref="SlowStart"/> starts there. Long ago for those of the start.</summary>
    public long InUseSince { get; set; } = long.MinValue / 2;

    /// <summary>Whether it gets requests.</summary>
    public bool IsInUse { get; set; }

    /// <summary>In force now: 0 where it is not in use or the policy has no weights.</summary>
    public double Weight { get; set; }

    /// <summary>Requests that were sent to it, and those of them that failed, since the proxy's start.</summary>
    public long Picks { get; set; }

    public long Failures { get; set; }

    /// <summary><see cref="Picks"/> when the floor looked last.</summary>
    public long PicksAtLook { get; set; }

    /// <summary>Requests that wait for a place.</summary>
    public WaitingLine Waiting { get; } = new();

    public string State => Destination is null ? "removed"
        : IsDrained ? "drained"
        : !Health.IsHealthy ? "unhealthy"
        : Ejection.IsEjected ? "ejected"
        : "in use";
}
