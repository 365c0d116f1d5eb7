using Akka.Actor;
using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Agents.Plays;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Tests.Game;

public sealed class GameFailureTests : GameTestKit
{
    [Fact]
    public void Game_ToldToStop_StopsWithTheRoundsThatItReported()
    {
        IActorRef game = ActorRefs.Nobody;
        Recorder recorder = new() { OnRound = round => { if (round.Round == 2) { game.Tell(PlayCommands.StopPlay.Instance); } } };
        game = Start(new GameInstance<double>([1, 1], [0, 0], [1, 1]), recorder, share: 1e-6);
        game.Tell(PlayCommands.StartPlay.Instance, TestActor);

        GameOutcome outcome = ExpectMsg<GameEvents.GameStopped>(Patience).Outcome;
        // How far a game gets before the message arrives is up to the machine; with moves so small it goes on for a million rounds.
        outcome.Rounds.ShouldBeInRange(2, 500_000);
        recorder.Rounds.Count.ShouldBe(outcome.Rounds + 1);
    }

    /// <summary>A round of many players takes long.</summary>
    [Fact]
    public void Game_ToldToStopWithinARound_StopsAtTheNextMove()
    {
        IActorRef game = ActorRefs.Nobody;
        // Before the first player moves.
        Recorder recorder = new() { OnRound = _ => game.Tell(PlayCommands.StopPlay.Instance) };
        GameInstance<double> instance = Draw(200, 3);
        StaticGameOptions options = new(new Schedule.TokenRing(), Empty(instance), 1, 1000);
        game = Sys.ActorOf(StaticGameActor.Props(instance, options, recorder));
        game.Tell(PlayCommands.StartPlay.Instance, TestActor);

        GameOutcome outcome = ExpectMsg<GameEvents.GameStopped>(Patience).Outcome;
        (outcome.Rounds, outcome.Moves).ShouldBe((0, 1));
    }

    [Fact]
    public void Game_CrashesAgainAndAgain_FailsAndNamesTheActor()
    {
        Recorder recorder = new() { OnRound = _ => throw new InvalidOperationException("broken") };
        EventFilter.Warning(contains: "The game actor failed: the game is played from its start again").Expect(PlayActor.MostRepeats, () =>
            Start(Draw(5, 3), recorder).Tell(PlayCommands.StartPlay.Instance, TestActor));

        ExpectMsg<PlayEvents.PlayFailed>(Patience).Reason.ShouldBe("the game actor failed 11 times within a minute, see the log");
    }

    private IActorRef Start(GameInstance<double> instance, IGameObserver observer, double share = 1)
    {
        StaticGameOptions options = new(
            new Schedule.Simultaneous(1, 0), new Profile<double>(instance.Players, instance.Servers), share, 1_000_000);
        return Sys.ActorOf(PlayActor.Props("game", journal => StaticGameActor.Props(instance, options, observer, journal)));
    }
}
