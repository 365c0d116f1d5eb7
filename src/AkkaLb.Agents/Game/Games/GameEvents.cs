namespace AkkaLb.Agents.Game.Games;

public static class GameEvents
{
    public sealed record GameFinished(GameOutcome Outcome);

    /// <summary>Stopped by command before its end.</summary>
    /// <inheritdoc cref="GameFinished"/>
    public sealed record GameStopped(GameOutcome Outcome);

    /// <param name="Reason">One line.</param>
    public sealed record GameFailed(string Reason);
}
