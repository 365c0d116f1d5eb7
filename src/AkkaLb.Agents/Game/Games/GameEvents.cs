using AkkaLb.Agents.Plays;

namespace AkkaLb.Agents.Game.Games;

public static class GameEvents
{
    /// <summary>All agents of the game have stored what they decided in it.</summary>
    public sealed record GameFinished(GameOutcome Outcome) : IPlayOutcome;

    /// <summary>Stopped by command before its end.</summary>
    public sealed record GameStopped(GameOutcome Outcome) : IPlayOutcome;
}
