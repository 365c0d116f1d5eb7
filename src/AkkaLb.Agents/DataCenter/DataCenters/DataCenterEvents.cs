using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.DataCenter.DataCenters;

public static class DataCenterEvents
{
    /// <summary>What an actor's handling of an event leads to.</summary>
    /// <param name="Next">Messages that it sends, in their order, each to arrive at its own time.</param>
    /// <param name="Completed">Jobs that came to their end.</param>
    /// <param name="Stages">Stages of jobs that ended.</param>
    public sealed record EventHandled(IReadOnlyList<ITimedMessage> Next, int Completed = 0, int Stages = 0);

    /// <param name="Result">Equal to that of <see cref="DataCenterSimulation"/> with the same model and options.</param>
    public sealed record EpisodePlayed(SimulationResult Result);

    /// <summary>Stopped by command before its end.</summary>
    public sealed record EpisodeStopped
    {
        public static EpisodeStopped Instance { get; } = new();
    }

    /// <param name="Reason">One line.</param>
    public sealed record EpisodeFailed(string Reason);
}
