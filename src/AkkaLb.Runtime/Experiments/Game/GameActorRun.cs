using Akka.Actor;
using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Runtime.Hosting;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>Plays one game with actors.</summary>
internal static class GameActorRun
{
    /// <returns>The outcome, and whether the game came to its own end.</returns>
    /// <exception cref="RunFailedException">The game cannot go on.</exception>
    public static async Task<(GameOutcome Outcome, bool Finished)> PlayAsync(Props game, RunHost host, CancellationToken cancellation) =>
        await host.PlayAsync<GameActor>(game, "game", GameCommands.StartGame.Instance, GameCommands.StopGame.Instance, cancellation) switch
        {
            GameEvents.GameFinished finished => (finished.Outcome, true),
            GameEvents.GameStopped stopped => (stopped.Outcome, false),
            GameEvents.GameFailed failed => throw new RunFailedException(failed.Reason),
            object other => throw new RunFailedException($"the game ended with {other.GetType().Name}"),
        };
}
