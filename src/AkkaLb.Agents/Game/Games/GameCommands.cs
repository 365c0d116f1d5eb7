namespace AkkaLb.Agents.Game.Games;

public static class GameCommands
{
    /// <summary>Play; answered by one of <see cref="GameEvents"/> when the game ends.</summary>
    public sealed record StartGame
    {
        public static StartGame Instance { get; } = new();
    }

    /// <summary>End the game after the round that is being played.</summary>
    public sealed record StopGame
    {
        public static StopGame Instance { get; } = new();
    }
}
