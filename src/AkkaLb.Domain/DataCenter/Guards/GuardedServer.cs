namespace AkkaLb.Domain.DataCenter.Guards;

/// <summary>A server as a balancer that guards its requests counts it, in the simulator and behind the proxy.</summary>
/// <param name="number">Its number among all servers that the balancer ever had, from 0.</param>
public class GuardedServer(int number)
{
    public int Number => number;

    /// <summary>Positive.</summary>
    public double ConfiguredWeight { get; set; } = 1;

    /// <summary>In force now: 0 where it is not in use or the policy has no weights.</summary>
    public double Weight { get; set; }

    /// <summary>Requests in flight, and those failed ones that still keep their places.</summary>
    public int Places { get; set; }

    /// <summary>Requests that were sent to it since the start.</summary>
    public long Picks { get; set; }

    /// <summary>An operator has taken it out of use.</summary>
    public bool IsDrained { get; set; }

    /// <summary>What active checks have found.</summary>
    public HealthRecord Health { get; } = new();

    public EjectionRecord Ejection { get; } = new();

    /// <summary>When it came into use, ticks; the ramp of <see cref="SlowStart"/> starts there. Long ago for those of the start.</summary>
    public long InUseSince { get; set; } = long.MinValue / 2;

    /// <summary>Whether it gets requests.</summary>
    public bool IsInUse { get; set; }
}
