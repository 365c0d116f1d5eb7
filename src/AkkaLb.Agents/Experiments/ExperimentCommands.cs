using Akka.Actor;

namespace AkkaLb.Agents.Experiments;

public static class ExperimentCommands
{
    /// <summary>Run all episodes; answered by one of <see cref="ExperimentEvents"/> when the run ends.</summary>
    public sealed record StartExperiment : INoSerializationVerificationNeeded
    {
        public static StartExperiment Instance { get; } = new();
    }

    /// <summary>End the run after the episode that is being played.</summary>
    public sealed record StopExperiment : INoSerializationVerificationNeeded
    {
        public static StopExperiment Instance { get; } = new();
    }
}
