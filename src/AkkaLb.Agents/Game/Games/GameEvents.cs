using AkkaLb.Agents.Plays;

namespace AkkaLb.Agents.Game.Games;

/// <summary>All agents of the game have stored what they decided in it.</summary>
public static class GameEvents
{
    public sealed record GameFinished(GameOutcome Outcome) : IPlayOutcome;

    /// <summary>Stopped by command before its end.</summary>
    /// <inheritdoc cref="GameFinished"/>
    public sealed record GameStopped(GameOutcome Outcome) : IPlayOutcome;
}
