using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Agents.DataCenter.Servers;

/// <summary>A message to one server; <see cref="Server"/> is its address.</summary>
public interface IServerMessage : IMessage
{
    ServerId Server { get; }
}

/// <summary>All but <see cref="ReportLoad"/> are answered by <see cref="DataCenters.DataCenterEvents.EventHandled"/>.</summary>
public static class ServerCommands
{
    /// <summary>A job arrives.</summary>
    public sealed record TakeJob(ServerId Server, long Time, Job Job) : IServerMessage, ITimedMessage
    {
        public EventKind Kind => EventKind.AtServer;
    }

    /// <summary>The server's own alarm: a stage of a job may end now.</summary>
    public sealed record WorkOff(ServerId Server, long Time) : IServerMessage, ITimedMessage
    {
        public EventKind Kind => EventKind.ServerDue;
    }

    /// <summary>A probe arrives.</summary>
    /// <param name="Back">Ticks that the reply takes to the load balancer.</param>
    /// <param name="Sent">When the load balancer sent it, and <paramref name="GivenUp"/>, until when it waits for the reply.</param>
    public sealed record AnswerProbe(ServerId Server, long Time, LoadBalancerId LoadBalancer, long Back, long Sent, long GivenUp)
        : IServerMessage, ITimedMessage
    {
        public EventKind Kind => EventKind.ProbeAtServer;
    }

    /// <summary>A load balancer asks for the server's health.</summary>
    /// <param name="Back">Ticks that the answer takes to the load balancer.</param>
    /// <param name="GivenUp">Until when it waits for the answer.</param>
    public sealed record AnswerCheck(ServerId Server, long Time, LoadBalancerId LoadBalancer, long Back, long GivenUp)
        : IServerMessage, ITimedMessage
    {
        public EventKind Kind => EventKind.ProbeAtServer;
    }

    /// <summary>The server's hardware changes, fails or returns.</summary>
    public sealed record Change(ServerId Server, long Time, CapacityChange What) : IServerMessage, ITimedMessage
    {
        public EventKind Kind => EventKind.Change;
    }

    /// <summary>Tell the load of this moment; answered by <see cref="ServerEvents.LoadReported"/>.</summary>
    public sealed record ReportLoad(ServerId Server, long Time) : IServerMessage;
}
