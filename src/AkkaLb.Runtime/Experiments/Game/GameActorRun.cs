using Akka.Actor;
using Akka.Configuration;
using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Runtime.Logging;
using Serilog;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>Plays one game with actors, in an actor system of its own.</summary>
internal static class GameActorRun
{
    /// <returns>The outcome, and whether the game came to its own end.</returns>
    /// <exception cref="RunFailedException">The game cannot go on.</exception>
    public static async Task<(GameOutcome Outcome, bool Finished)> PlayAsync(
        Config configuration, Props game, ILogger log, CancellationToken cancellation)
    {
        BootstrapSetup bootstrap = BootstrapSetup.Create().WithConfig(configuration.WithFallback(RunSystem.Defaults));
        ActorSystem system = ActorSystem.Create("akkalb", bootstrap.And(new SerilogSetup(log)));
        try
        {
            IActorRef run = system.ActorOf(game, "game");
            Task<object> outcome = run.Ask<object>(GameCommands.StartGame.Instance);
            using CancellationTokenRegistration stop = cancellation.Register(() => run.Tell(GameCommands.StopGame.Instance));
            await Task.WhenAny(outcome, run.WatchAsync());
            if (!outcome.IsCompletedSuccessfully)
            {
                throw new RunFailedException("the game actor failed, see the log");
            }
            return await outcome switch
            {
                GameEvents.GameFinished finished => (finished.Outcome, true),
                GameEvents.GameStopped stopped => (stopped.Outcome, false),
                GameEvents.GameFailed failed => throw new RunFailedException(failed.Reason),
                object other => throw new RunFailedException($"the game ended with {other.GetType().Name}"),
            };
        }
        finally
        {
            await system.Terminate();
        }
    }
}
