using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.DataCenter;

/// <summary>A message that is on its way in virtual time: an event of the simulation.</summary>
public interface ITimedMessage
{
    /// <summary>When it arrives, ticks.</summary>
    long Time { get; }

    EventKind Kind { get; }
}
