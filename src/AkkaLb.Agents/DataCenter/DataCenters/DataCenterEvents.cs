using System.Collections.Immutable;
using AkkaLb.Agents.Plays;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.DataCenter.DataCenters;

public static class DataCenterEvents
{
    /// <summary>What an actor's handling of an event leads to.</summary>
    /// <param name="Next">Messages that it sends, in their order, each to arrive at its own time.</param>
    /// <param name="Completed">Jobs that came to their end.</param>
    /// <param name="Stages">Stages of jobs that ended.</param>
    public sealed record EventHandled(ImmutableArray<ITimedMessage> Next, int Completed = 0, int Stages = 0) : IDataCenterMessage;

    /// <summary>The episode came to its end, and all load balancers have stored what they decided in it.</summary>
    /// <param name="Result">Equal to that of <see cref="DataCenterSimulation"/> with the same model and options.</param>
    /// <param name="Parts">What each load balancer recorded, for its learner; empty when the episode is not to be learnt from.</param>
    public sealed record EpisodePlayed(SimulationResult Result, ImmutableArray<EpisodePart> Parts) : IPlayOutcome;

    /// <summary>Stopped by command before its end.</summary>
    public sealed record EpisodeStopped : IPlayOutcome
    {
        public static EpisodeStopped Instance { get; } = new();
    }
}
