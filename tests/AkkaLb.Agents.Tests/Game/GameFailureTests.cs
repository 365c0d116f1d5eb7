using Akka.Actor;
using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Tests.Game;

public sealed class GameFailureTests : GameTestKit
{
    [Fact]
    public async Task Game_PlayerCrashes_FailsAndNamesIt()
    {
        // Damped so much that it would go on for long.
        IActorRef game = Start(Draw(5, 3), new Recorder(), share: 1e-5);
        IActorRef player = await Sys.ActorSelection(game.Path / "player-3").ResolveOne(Patience);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() =>
        {
            game.Tell(GameCommands.StartGame.Instance, TestActor);
            // It may happen to hold a decision to place, once.
            for (int i = 0; i < 3; i++)
            {
                player.Tell(new PlayerCommands.Place(new PlayerId(3), long.MaxValue));
            }
        });

        ExpectMsg<GameEvents.GameFailed>(Patience).Reason.ShouldContain("player-3");
    }

    [Fact]
    public void Game_ToldToStop_StopsAfterTheRound()
    {
        IActorRef game = ActorRefs.Nobody;
        Recorder recorder = new() { OnRound = round => { if (round.Round == 2) { game.Tell(GameCommands.StopGame.Instance); } } };
        game = Start(new GameInstance<double>([1, 1], [0, 0], [1, 1]), recorder, share: 0.01);
        game.Tell(GameCommands.StartGame.Instance, TestActor);

        GameOutcome outcome = ExpectMsg<GameEvents.GameStopped>(Patience).Outcome;
        outcome.Rounds.ShouldBeInRange(2, 100);
        recorder.Rounds.Count.ShouldBe(outcome.Rounds + 1);
    }

    private IActorRef Start(GameInstance<double> instance, IGameObserver observer, double share = 1)
    {
        StaticGameOptions options = new(new Schedule.Simultaneous(1, 0), new Profile<double>(instance.Players, instance.Servers), share, 1_000_000);
        IActorRef game = Sys.ActorOf(StaticGameActor.Props(instance, options, observer));
        // Its answer proves that it has started, and so that its players exist.
        game.Tell(new Identify(0), TestActor);
        ExpectMsg<ActorIdentity>(Patience);
        return game;
    }
}
