using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.DataCenter.DataCenters;

public static class DataCenterCommands
{
    /// <summary>Play the episode; answered by one of <see cref="DataCenterEvents"/> when it ends.</summary>
    public sealed record PlayEpisode
    {
        public static PlayEpisode Instance { get; } = new();
    }

    /// <summary>End the episode after the event that is being handled.</summary>
    public sealed record StopEpisode
    {
        public static StopEpisode Instance { get; } = new();
    }

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
