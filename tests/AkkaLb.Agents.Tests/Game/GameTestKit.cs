using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Agents.Tests.Game;

/// <summary>Plays games with real actors and keeps every round.</summary>
public abstract class GameTestKit : TestKit
{
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    protected static GameInstance<double> Draw(int players, int servers, ulong seed = 1) =>
        InstanceRanges.Scaling.Draw(players, servers, new RandomStream(seed, "initialisation/game").NextDouble);

    protected static Profile<double> Empty(GameInstance<double> instance) => new(instance.Players, instance.Servers);

    protected Played Play(GameInstance<double> instance, Schedule schedule, Profile<double> start, double share = 1, int rounds = 1000)
    {
        Recorder recorder = new();
        return Play(StaticGameActor.Props(instance, new StaticGameOptions(schedule, start, share, rounds), recorder), recorder);
    }

    protected Played Play(GameInstance<double> instance, DynamicGameOptions options)
    {
        Recorder recorder = new();
        return Play(DynamicGameActor.Props(instance, options, recorder), recorder);
    }

    private Played Play(Props props, Recorder recorder)
    {
        IActorRef game = Sys.ActorOf(props);
        game.Tell(GameCommands.StartGame.Instance, TestActor);
        GameOutcome outcome = ExpectMsg<GameEvents.GameFinished>(Patience).Outcome;
        return new Played(outcome, recorder.Rounds);
    }

    protected sealed record Played(GameOutcome Outcome, IReadOnlyList<GameRound> Rounds);

    internal sealed class Recorder : IGameObserver
    {
        public List<GameRound> Rounds { get; } = [];

        public Action<GameRound> OnRound { get; init; } = _ => { };

        public void RoundFinished(GameRound round)
        {
            Rounds.Add(round);
            OnRound(round);
        }
    }
}
