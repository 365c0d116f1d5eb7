using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.DataCenter.Traffic;

/// <summary>A message to the clients.</summary>
public interface ITrafficMessage : IMessage;

public static class TrafficCommands
{
    /// <summary>Draw the first job; answered by <see cref="DataCenters.DataCenterEvents.EventHandled"/>.</summary>
    public sealed record StartTraffic : ITrafficMessage
    {
        public static StartTraffic Instance { get; } = new();
    }

    /// <summary>
    /// The client sends the job that was drawn last; answered by <see cref="DataCenters.DataCenterEvents.EventHandled"/>.
    /// </summary>
    public sealed record SendJob(long Time) : ITrafficMessage, ITimedMessage
    {
        public EventKind Kind => EventKind.Create;
    }

    /// <summary>A job has come to its end: a server's answer, or a load balancer's that has no server.</summary>
    /// <param name="Job">Its number.</param>
    public sealed record Answer(long Job, JobRecord Record) : ITrafficMessage;

    /// <summary>
    /// Tell what became of the jobs, once so many answers are there; answered by <see cref="TrafficEvents.JobsReported"/>.
    /// </summary>
    public sealed record ReportJobs(long Answers) : ITrafficMessage;
}
