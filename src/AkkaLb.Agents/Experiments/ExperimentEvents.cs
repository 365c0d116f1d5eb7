using Akka.Actor;

namespace AkkaLb.Agents.Experiments;

public static class ExperimentEvents
{
    /// <param name="Episodes">Episodes played since the start of the run.</param>
    public sealed record ExperimentFinished(int Episodes) : INoSerializationVerificationNeeded;

    /// <summary>Stopped by command before the last episode.</summary>
    /// <inheritdoc cref="ExperimentFinished"/>
    public sealed record ExperimentStopped(int Episodes) : INoSerializationVerificationNeeded;

    /// <param name="Reason">One line.</param>
    public sealed record ExperimentFailed(string Reason) : INoSerializationVerificationNeeded;
}
