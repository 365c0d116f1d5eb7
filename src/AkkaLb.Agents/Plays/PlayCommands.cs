using Akka.Actor;

namespace AkkaLb.Agents.Plays;

/// <summary>What whoever wants something played says; they stay in one process with it.</summary>
public static class PlayCommands
{
    /// <summary>Play; answered by an <see cref="IPlayOutcome"/> when it ends.</summary>
    public sealed record StartPlay : INoSerializationVerificationNeeded
    {
        public static StartPlay Instance { get; } = new();
    }

    /// <summary>End the play early, after what is being played.</summary>
    public sealed record StopPlay : INoSerializationVerificationNeeded
    {
        public static StopPlay Instance { get; } = new();
    }
}
