namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>What an event is about; its index is a job, server, load balancer, probe, change or moment.</summary>
public enum EventKind : uint
{
    Create,
    AtLoadBalancer,
    AtServer,
    ServerDue,
    Close,
    Control,
    Tick,
    ProbeAtServer,
    ProbeReply,
    ProbeTimeout,
    Change,
    Detected,
    Sample,
    Check,
}

/// <summary>Packs a kind and an index into an event's 32 bits.</summary>
internal static class EventKinds
{
    public const int Shift = 27;
    public const uint IndexMask = (1u << Shift) - 1;

    public static uint Of(this EventKind kind, int index) => ((uint)kind << Shift) | (uint)index;
}
