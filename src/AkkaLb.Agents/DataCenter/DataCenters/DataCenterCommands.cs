using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.DataCenter.DataCenters;

/// <summary>What a data centre tells itself, at a time to come.</summary>
internal static class DataCenterCommands
{
    /// <summary>A moment of control.</summary>
    internal sealed record Control(long Time, int Moment) : ITimedMessage
    {
        public EventKind Kind => EventKind.Control;
    }

    /// <summary>Load balancers notice that a server failed or returned.</summary>
    internal sealed record Detect(long Time, ServerId Server) : ITimedMessage
    {
        public EventKind Kind => EventKind.Detected;
    }

    /// <summary>Write the servers' loads down.</summary>
    internal sealed record Sample(long Time) : ITimedMessage
    {
        public EventKind Kind => EventKind.Sample;
    }
}
