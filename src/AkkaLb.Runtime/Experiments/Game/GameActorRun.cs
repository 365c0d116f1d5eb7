using Akka.Actor;
using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Plays;
using AkkaLb.Runtime.Hosting;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>Plays one game with actors.</summary>
internal static class GameActorRun
{
    /// <param name="game">The game, made anew whenever it is played from its start.</param>
    /// <returns>The outcome, and whether the game came to its own end.</returns>
    /// <exception cref="RunFailedException">The game cannot go on.</exception>
    public static async Task<(GameOutcome Outcome, bool Finished)> PlayAsync(
        Func<AgentJournal?, Props> game, RunHost host, CancellationToken cancellation) =>
        await host.PlayAsync(
            PlayActor.Props("game", game, host.Agents), "game", PlayCommands.StartPlay.Instance, PlayCommands.StopPlay.Instance,
            cancellation) switch
        {
            GameEvents.GameFinished finished => (finished.Outcome, true),
            GameEvents.GameStopped stopped => (stopped.Outcome, false),
            PlayEvents.PlayFailed failed => throw new RunFailedException(failed.Reason),
            object other => throw new RunFailedException($"the game ended with {other.GetType().Name}"),
        };
}
