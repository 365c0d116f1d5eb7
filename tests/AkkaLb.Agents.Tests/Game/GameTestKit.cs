using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Plays;
using AkkaLb.Agents.Tests.Serialization;
using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Agents.Tests.Game;

/// <summary>Plays games with real actors and keeps every round.</summary>
public abstract class GameTestKit(string hocon = "") : TestKit(Configuration + WireBindings.Hocon + hocon)
{
    private const string Configuration = """
        akka {
          loglevel = WARNING, stdout-loglevel = OFF, test.filter-leeway = 1m
          persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        }
        """;

    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    protected static GameInstance<double> Draw(int players, int servers, ulong seed = 1) =>
        InstanceRanges.Scaling.Draw(players, servers, new RandomStream(seed, "initialisation/game").NextDouble);

    protected static Profile<double> Empty(GameInstance<double> instance) => new(instance.Players, instance.Servers);

    protected Played Play(GameInstance<double> instance, Schedule schedule, Profile<double> start, double share = 1, int rounds = 1000) =>
        Play((observer, journal) => StaticGameActor.Props(
            instance, new StaticGameOptions(schedule, start, share, rounds), observer, journal));

    protected Played Play(GameInstance<double> instance, DynamicGameOptions options) =>
        Play((observer, journal) => DynamicGameActor.Props(instance, options, observer, journal));

    /// <param name="game">Makes the game, with what observes it and where it stores.</param>
    protected Played Play(Func<IGameObserver, AgentJournal?, Props> game, AgentJournal? journal = null)
    {
        Recorder recorder = new();
        IActorRef play = Sys.ActorOf(PlayActor.Props("game", agents => game(recorder = new Recorder(), agents), journal));
        play.Tell(PlayCommands.StartPlay.Instance, TestActor);
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
