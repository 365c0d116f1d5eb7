using Akka.Actor;

namespace AkkaLb.Agents.Plays;

/// <summary>How a play ended: the answer to <see cref="PlayCommands.StartPlay"/>.</summary>
public interface IPlayOutcome : INoSerializationVerificationNeeded;

public static class PlayEvents
{
    /// <summary>An actor of the play crashed: the play stops, and can only be played from its start.</summary>
    /// <param name="Actor">Its name.</param>
    public sealed record PlayCrashed(string Actor) : INoSerializationVerificationNeeded;

    /// <param name="Reason">One line.</param>
    public sealed record PlayFailed(string Reason) : IPlayOutcome;
}
